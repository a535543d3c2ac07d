import { Inject, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { EventLines, type Permit } from '../platform/queue/index';
import { Line } from './line.service';

const SWEEP_MS = 2_000;

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
      const empty: number[] = [];
      for (const eventId of await this.line.toServe()) {
        const { claimable, delayed } = await this.lines.waitingJobs(eventId);
        if (claimable + delayed === 0) empty.push(eventId);
      }
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

  private async putBack(permits: Permit[]): Promise<void> {
    const eventIds = [...new Set(permits.map(({ eventId }) => eventId))];
    // A pause that the database knows nothing of (a store restored from elsewhere) would hide the permits for good.
    for (const eventId of eventIds) await this.lines.resume(eventId);
    const requests = await this.line.requeue(permits);
    this.log.warn(`${requests} requests of events ${eventIds.join(', ')} had no permit: back in line`);
  }
}

const tierKey = ({ eventId, tier }: Permit): string => `${eventId} ${tier}`;
