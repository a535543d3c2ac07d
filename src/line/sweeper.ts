import { Inject, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { EventLines } from '../platform/queue/index';
import { Line } from './line.service';

const SWEEP_MS = 2_000;

/**
 * Finds lines in which somebody waits and no permit stands, and puts a permit back: after the queue's store lost its
 * data, or a process died between accepting and offering. A line is swept when it is found so twice in a row and
 * nobody was served in between, so that a permit on its way or in a worker's hands is not taken for a lost one.
 */
@Injectable()
export class Sweeper {
  private readonly log = new Logger('sweeper');
  /** Lines found without a permit last time, and how far they had got. */
  private suspects = new Map<number, string>();
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
      const progress = await this.line.progress(empty);
      const lost = empty.filter((eventId) => this.suspects.get(eventId) === progress.get(eventId));
      this.suspects = progress;
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
