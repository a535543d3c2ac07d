import { Inject, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { EventLines, type Permit } from '../platform/queue/index';
import { Line } from './line.service';

const SWEEP_MS = 2_000;
const LOOKS_AT_ONCE = 4;
/** How often in a row a tier is found without a permit before that is believed. */
const LOOKS = 2;
/**
 * The same where permits are put off: longer than a permit goes on being tried. BullMQ counts by the clock of the worker
 * that gave it back, so that one whose clock was an hour ahead puts it off for an hour.
 */
const LOOKS_WHERE_PUT_OFF = 6;

interface Suspect {
  /** The first place that was waiting. */
  readonly from: number;
  /** How often in a row it was found so, and how often it must be. */
  readonly looks: number;
  readonly needed: number;
}

/**
 * Finds people who wait where no permit stands, and puts a permit back: after the queue's store lost its data, or a
 * process died between accepting and offering. A tier is swept when it is found so several times in a row and nobody of it
 * was served in between, so that a permit on its way, in a worker's hands or put off is not taken for a lost one.
 */
@Injectable()
export class Sweeper {
  private readonly log = new Logger('sweeper');
  /** Tiers found waiting without a permit last time. */
  private suspects = new Map<string, Suspect>();
  private sweeping = false;

  constructor(
    private readonly line: Line,
    @Inject(EventLines) private readonly lines: EventLines,
  ) {}

  @Interval('sweep', SWEEP_MS)
  async sweep(): Promise<void> {
    if (this.sweeping) return;
    this.sweeping = true;
    try {
      const empty = await this.withoutPermits(await this.line.toServe());
      const due = await this.line.due([...empty.keys()]);
      const found = new Map(
        due.map((permit) => {
          const before = this.suspects.get(tierKey(permit));
          const again = before?.from === permit.from ? before : { looks: 0, needed: 0 };
          // Once put off, it may be in a worker's hands at the next look, and put off again at the one after.
          const needed = Math.max(again.needed, empty.get(permit.eventId)!);
          return [tierKey(permit), { from: permit.from, looks: again.looks + 1, needed }];
        }),
      );
      this.suspects = found;
      const lost = due.filter((permit) => {
        const { looks, needed } = found.get(tierKey(permit))!;
        return looks >= needed;
      });
      if (lost.length > 0) await this.putBack(lost);
      for (const permit of lost) found.delete(tierKey(permit));
    } catch (error) {
      this.log.debug(`not swept: ${(error as Error).message}`);
    } finally {
      this.sweeping = false;
    }
  }

  /**
   * The lines with nothing to claim, each with how often in a row that must be found. A line that cannot be seen now (the
   * node of a cluster that holds it may be gone) is left for the next time.
   */
  private async withoutPermits(eventIds: readonly number[]): Promise<Map<number, number>> {
    const empty = new Map<number, number>();
    for (let at = 0; at < eventIds.length; at += LOOKS_AT_ONCE) {
      const some = eventIds.slice(at, at + LOOKS_AT_ONCE);
      const looks = await Promise.allSettled(some.map((eventId) => this.lines.waitingJobs(eventId)));
      looks.forEach((look, i) => {
        if (look.status === 'fulfilled' && look.value.claimable === 0)
          empty.set(some[i]!, look.value.delayed === 0 ? LOOKS : LOOKS_WHERE_PUT_OFF);
      });
    }
    return empty;
  }

  private async putBack(permits: Permit[]): Promise<void> {
    const eventIds = [...new Set(permits.map(({ eventId }) => eventId))];
    // A pause that the database knows nothing of (a store restored from elsewhere) would hide the permits for good.
    for (const eventId of eventIds) await this.lines.resume(eventId);
    const requests = await this.line.requeue(permits);
    this.log.warn(`${requests} requests of events ${eventIds.join(', ')} had no permit: back in line`);
  }
}

const tierKey = ({ eventId, tier }: Permit): string => `${eventId} ${tier}`;
