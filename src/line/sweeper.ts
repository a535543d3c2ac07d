import { Inject, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { EventLines } from '../platform/queue/index';
import { Line } from './line.service';

const SWEEP_MS = 2_000;

/**
 * Finds lines in which somebody waits and no permit stands, and puts a permit back: after the queue's store lost its
 * data, or a process died between accepting and offering. A line is swept when it is found so twice in a row, so that
 * a permit on its way is not taken for a lost one.
 */
@Injectable()
export class Sweeper {
  private readonly log = new Logger('sweeper');
  private suspects = new Set<number>();
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
      const lost = empty.filter((eventId) => this.suspects.has(eventId));
      this.suspects = new Set(empty);
      if (lost.length > 0) await this.putBack(lost);
    } catch (error) {
      this.log.debug(`not swept: ${(error as Error).message}`);
    } finally {
      this.sweeping = false;
    }
  }

  private async putBack(eventIds: number[]): Promise<void> {
    // A pause that the database knows nothing of (a store restored from elsewhere) would hide the permits for good.
    for (const eventId of eventIds) await this.lines.resume(eventId);
    const requests = await this.line.requeue(eventIds);
    if (requests > 0)
      this.log.warn(`${requests} requests of events ${eventIds.join(', ')} had no permit: back in line`);
  }
}
