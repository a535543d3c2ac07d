import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { QueryResultRow } from 'pg';
import { Database } from '../platform/database/index';
import { EventLines, type Permit } from '../platform/queue/index';
import { Problem } from '../platform/http/index';
import type { EventBoard } from './event-board';
import { LineBoard } from './line-board';
import { LINES_TO_SERVE, PERMITS_DUE, STEER_LINE } from './line.sql';
import { Offers } from './offers';

/** Changes to a running line; what is not given stays. */
export interface Steering {
  /** Requests settled per second; null for as fast as it goes. */
  readonly pace?: number | null;
  readonly paused?: boolean;
}

/** One event's line: putting permits in, taking its brakes on and off, and putting back what the queue has lost. */
@Injectable()
export class Line implements BeforeApplicationShutdown {
  private readonly log = new Logger('line');
  private readonly offers: Offers;

  constructor(
    private readonly database: Database,
    @Inject(EventLines) private readonly lines: EventLines,
    private readonly board: LineBoard,
  ) {
    this.offers = new Offers(lines);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.offers.close();
  }

  /** Says that these places were accepted. Never rejects, never waits. */
  offer(permit: Permit): void {
    this.offers.offer(permit);
  }

  /**
   * Waits until everything offered so far stands in the queue, `limitMs` at most, and answers whether it does: for a
   * process that ends or ticks right after. What did not arrive is made up for by a worker's sweeper.
   */
  arrived(limitMs: number): Promise<boolean> {
    return this.offers.arrived(limitMs);
  }

  /** Events whose turn it may be now. */
  async toServe(): Promise<number[]> {
    const { rows } = await this.database.query<{ event_id: number }>(LINES_TO_SERVE, [], 'lines-to-serve');
    return rows.map((row) => row.event_id);
  }

  /**
   * Sets pace and pause while the line runs; the next tick obeys. Whether somebody may do that is for the caller to
   * know. Throws `Problem` not-found when there is no such event.
   */
  async steer(eventId: number, { pace, paused }: Steering): Promise<EventBoard> {
    if ((await this.board.get(eventId)) === undefined)
      throw new Problem('not-found', 'There is no such event.');
    await this.database.query(STEER_LINE, [eventId, pace !== undefined, pace ?? null, paused ?? null]);
    // The database decides; the queue's own pause is what Bull Board shows, so it follows as well as it can.
    if (paused !== undefined) await this.follow(eventId, paused).catch(() => undefined);
    await this.board.refresh([eventId]);
    const board = this.board.peek(eventId)!;
    this.log.log(
      `event ${eventId}: ${board.paused ? 'paused' : 'running'}, pace ${board.pace ?? 'as fast as it goes'}`,
    );
    return board;
  }

  /** Permits for all who wait at these events: one per event and tier, up to the last place given out. */
  async due(eventIds: readonly number[]): Promise<Permit[]> {
    const { rows } = await this.database.query<Permit & QueryResultRow>(PERMITS_DUE, [eventIds]);
    return rows;
  }

  /**
   * Puts permits in line again, however much the queue has lost. Harmless when nothing was lost. Answers how many
   * requests they cover.
   */
  async requeue(permits: readonly Permit[]): Promise<number> {
    for (const permit of permits) await this.lines.offer(permit);
    return permits.reduce((sum, { requests }) => sum + requests, 0);
  }

  private async follow(eventId: number, paused: boolean): Promise<void> {
    if (paused) await this.lines.pause(eventId);
    else await this.lines.resume(eventId);
  }
}
