import { Logger } from '@nestjs/common';
import type { EventLines, Permit } from '../platform/queue/index';

/**
 * Pause after a permit while more come: a tick comes twice a second, so on a busy line one permit for what 200 ms bring
 * serves as well as forty, and each costs the queue an insert, a claim and a completion. A permit alone never waits.
 */
const GAP_MS = 200;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;

interface Lane {
  sending: boolean;
  /** What has come meanwhile, as one permit. */
  next: Permit | undefined;
}

/**
 * Puts permits in line, one job at a time per event and tier: what is accepted while a job is on its way, or shortly
 * after, shares the next one. While the queue's store is away the permit grows and is tried again, so nothing piles up in memory.
 */
export class Offers {
  private readonly log = new Logger('offers');
  private readonly lanes = new Map<string, Lane>();
  private stopped = false;

  constructor(private readonly lines: EventLines) {}

  /** Never rejects and never waits: what does not arrive here is made up for by the sweeper. */
  offer(permit: Permit): void {
    const id = `${permit.eventId}.${permit.tier}`;
    let lane = this.lanes.get(id);
    if (lane === undefined) this.lanes.set(id, (lane = { sending: false, next: undefined }));
    lane.next = lane.next === undefined ? permit : joined(lane.next, permit);
    if (!lane.sending) void this.send(id, lane);
  }

  /** Resolves when all that can be sent has been sent; gives up on what cannot. */
  async close(): Promise<void> {
    this.stopped = true;
    await this.arrived(1_000);
  }

  /** Waits until every permit has arrived, `limitMs` at most. Answers whether all have. */
  async arrived(limitMs: number): Promise<boolean> {
    const endsAt = performance.now() + limitMs;
    while (this.lanes.size > 0 && performance.now() < endsAt)
      await new Promise((resolve) => setTimeout(resolve, 10));
    return this.lanes.size === 0;
  }

  private async send(id: string, lane: Lane): Promise<void> {
    lane.sending = true;
    let retryMs = FIRST_RETRY_MS;
    while (lane.next !== undefined) {
      const permit: Permit = lane.next;
      lane.next = undefined;
      try {
        await this.lines.offer(permit);
        retryMs = FIRST_RETRY_MS;
        if (!this.stopped) await new Promise((resolve) => setTimeout(resolve, GAP_MS));
      } catch (error) {
        if (this.stopped) break;
        this.log.debug(`permit not taken: ${(error as Error).message}`);
        await new Promise((resolve) => setTimeout(resolve, retryMs));
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
        const meanwhile = lane.next as Permit | undefined;
        lane.next = meanwhile === undefined ? permit : joined(permit, meanwhile);
      }
    }
    lane.sending = false;
    this.lanes.delete(id);
  }
}

/** One permit for two: places between them may have been accepted by another process, which offers its own. */
function joined(earlier: Permit, later: Permit): Permit {
  return { ...later, from: earlier.from, requests: earlier.requests + later.requests };
}
