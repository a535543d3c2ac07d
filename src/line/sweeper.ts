import { Inject, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { EventLines, type Permit } from '../platform/queue/index';
import { Line } from './line.service';

const SWEEP_MS = 2_000;
const LOOKS_AT_ONCE = 4;

/**
 * Finds people who wait where no permit stands, and puts a permit back: after the queue's store lost its data, or a
 * process died between accepting and offering. A tier is swept when it is found so twice in a row and nobody of it was
 * served in between, so that a permit on its way or in a worker's hands is not taken for a lost one.
 */
@Injectable()
export class Sweeper {
  private readonly log = new Logger('sweeper');
  /** Tiers found waiting without a permit last time, with the first place that was waiting. */
  private suspects = new Map<string, number>();
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
      const due = await this.line.due(empty);
      const lost = due.filter((permit) => this.suspects.get(tierKey(permit)) === permit.from);
      this.suspects = new Map(due.map((permit) => [tierKey(permit), permit.from]));
      if (lost.length > 0) await this.putBack(lost);
    } catch (error) {
      this.log.debug(`not swept: ${(error as Error).message}`);
    } finally {
      this.sweeping = false;
    }
  }

  /** A line that cannot be seen now (the node of a cluster that holds it may be gone) is left for the next time. */
  private async withoutPermits(eventIds: readonly number[]): Promise<number[]> {
    const empty: number[] = [];
    for (let at = 0; at < eventIds.length; at += LOOKS_AT_ONCE) {
      const some = eventIds.slice(at, at + LOOKS_AT_ONCE);
      const looks = await Promise.allSettled(some.map((eventId) => this.lines.waitingJobs(eventId)));
      looks.forEach((look, i) => {
        if (look.status === 'fulfilled' && look.value.claimable + look.value.delayed === 0)
          empty.push(some[i]!);
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
