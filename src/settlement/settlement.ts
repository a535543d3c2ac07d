import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import type { EventState } from '../events/index';
import { countStock, returnStock, takeStock } from '../inventory/index';
import { Database } from '../platform/database/index';
import { REGULAR, VIP, type Tier } from '../shared/tier';
import { decide, seatsTaken, type Outcome, type Waiting } from './decide';
import { SETTLEMENT } from './settlement.sql';

/** How far permits allow the line of an event to be settled. */
export interface Reach {
  /** Last VIP place, 0 without a permit. */
  readonly vip: number;
  readonly regular: number;
}

export interface Settled {
  /** Requests that got their outcome. */
  readonly settled: number;
  /** Last place served of each tier, after this batch. */
  readonly served: Reach;
  /** How far there was anything to settle: what was asked for, but no further than the last place given out. */
  readonly reach: Reach;
  /** Whether it stopped because the pace is used up or the line is paused: going on now is useless. */
  readonly held: boolean;
}

interface LineRow {
  vip_served: number;
  regular_served: number;
  tickets_issued: number;
  paced_from: string | null;
  paused: boolean;
  allowance: number | null;
  state: EventState;
  max_per_buyer: number;
  vip_last: number;
  regular_last: number;
}

interface TakenRow {
  /** Where the request lies: a `tid` such as (12,3). */
  row: string;
  place: number;
  quantity: number;
  ticket_type_id: number;
  user_id: number;
  held: number;
}

/** The part of a tier's line that one batch covers. */
interface Stretch {
  readonly rows: TakenRow[];
  readonly servedTo: number;
}

/**
 * Settles a batch of one event in one transaction: whoever holds the line's row takes the next requests in order, tries
 * the whole sum in one conditional update, and grants in order when it does not fit.
 */
@Injectable()
export class Settlement {
  constructor(private readonly database: Database) {}

  /**
   * Settles the next requests of an event, at most `most`, up to `permitted`. VIPs that have been accepted by now always
   * go before a Regular, with or without a permit of their own. Settling again what is settled does nothing, and neither
   * does a permit for places that nobody has been given (one from before a database was restored, say).
   *
   * Pause and pace hold back tickets, not bad news: once the event is not open any more, all who wait are told at once,
   * and a refusal uses up none of the pace, or one buyer with a thousand requests too many would hold up the others.
   */
  settle(eventId: number, permitted: Reach, most: number): Promise<Settled> {
    return this.database.transaction(async (client) => {
      await client.query(query('settle-lock', SETTLEMENT.lock, [eventId]));
      const { rows } = await client.query<LineRow>(query('settle-read', SETTLEMENT.read, [eventId]));
      const line = rows[0];
      if (line === undefined) return { settled: 0, served: permitted, reach: permitted, held: false };
      const before = { vip: line.vip_served, regular: line.regular_served };
      const reach = {
        vip: Math.min(permitted.vip, line.vip_last),
        regular: Math.min(permitted.regular, line.regular_last),
      };
      const allowance = allowanceOf(line);
      const limit = Math.min(most, allowance ?? most);
      if (limit <= 0) return { settled: 0, served: before, reach, held: true };

      const vipReach = reach.regular > line.regular_served ? line.vip_last : reach.vip;
      const vip = await this.take(client, eventId, VIP, line.vip_served, vipReach, limit);
      const room = limit - vip.rows.length;
      const regular =
        vip.servedTo >= vipReach && room > 0
          ? await this.take(client, eventId, REGULAR, line.regular_served, reach.regular, room)
          : { rows: [], servedTo: line.regular_served };
      const served = { vip: vip.servedTo, regular: regular.servedTo };
      const batch = [...vip.rows, ...regular.rows];
      let granted = 0;
      if (batch.length > 0 || served.vip > before.vip || served.regular > before.regular) {
        granted = await this.write(client, eventId, line, batch, served);
      }
      const held = allowance !== null && granted >= allowance;
      return { settled: batch.length, served, reach, held };
    });
  }

  private async take(
    client: PoolClient,
    eventId: number,
    tier: Tier,
    served: number,
    reach: number,
    limit: number,
  ): Promise<Stretch> {
    if (reach <= served) return { rows: [], servedTo: served };
    const { rows } = await client.query<TakenRow>(
      query('settle-take', SETTLEMENT.take, [eventId, tier, served, reach, limit]),
    );
    return { rows, servedTo: rows.length < limit ? reach : rows.at(-1)!.place };
  }

  /** Answers how many were granted. */
  private async write(
    client: PoolClient,
    eventId: number,
    line: LineRow,
    rows: readonly TakenRow[],
    served: Reach,
  ): Promise<number> {
    const batch = rows.map((row): Waiting => ({
      ticketTypeId: row.ticket_type_id,
      quantity: row.quantity,
      buyer: row.user_id,
      held: row.held,
    }));
    const outcomes = await this.takeStockFor(client, batch, line);
    let number = line.tickets_issued;
    const firstNumbers = batch.map(({ quantity }, i) => {
      if (outcomes[i] !== null) return null;
      number += quantity;
      return number - quantity + 1;
    });
    const granted = outcomes.filter((outcome) => outcome === null).length;
    const values = [
      eventId,
      rows.map(({ row }) => row),
      rows.map((row) => row.ticket_type_id),
      firstNumbers,
      outcomes,
      served.vip,
      served.regular,
      number,
      line.paced_from,
      granted,
    ];
    const written = await client.query<{ settled: number }>(query('settle-write', SETTLEMENT.write, values));
    // Only a fault of ours can make them differ: the rows are locked. Then nothing of this batch may stand.
    if (written.rows[0]?.settled !== batch.length)
      throw new Error(`settled ${written.rows[0]?.settled} of ${batch.length}`);
    return granted;
  }

  /** Decides the batch and takes its stock: all that the limits allow if it is there, else in order while it lasts. */
  private async takeStockFor(
    client: PoolClient,
    batch: readonly Waiting[],
    line: LineRow,
  ): Promise<Outcome[]> {
    const rules = { state: line.state, maxPerBuyer: line.max_per_buyer };
    const hoped = decide(batch, rules);
    const taken = new Map<number, number>();
    let short = false;
    for (const [typeId, seats] of seatsTaken(batch, hoped)) {
      if (await takeStock(client, typeId, seats)) taken.set(typeId, seats);
      else short = true;
    }
    if (!short) return hoped;

    // A refusal for want of seats frees the buyer's limit for a later request of another type, so all are counted anew.
    const typeIds = [...new Set(batch.map(({ ticketTypeId }) => ticketTypeId))];
    const shelf = await countStock(client, typeIds);
    for (const [typeId, seats] of taken) shelf.set(typeId, (shelf.get(typeId) ?? 0) + seats);
    const outcomes = decide(batch, { ...rules, shelf });
    const granted = seatsTaken(batch, outcomes);
    for (const typeId of typeIds) {
      const more = (granted.get(typeId) ?? 0) - (taken.get(typeId) ?? 0);
      if (more < 0) await returnStock(client, typeId, -more);
      if (more > 0 && !(await takeStock(client, typeId, more)))
        throw new Error(`stock of type ${typeId} moved while held`);
    }
    return outcomes;
  }
}

/** How many tickets may be given out now; null for any number. */
function allowanceOf({ state, paused, allowance }: LineRow): number | null {
  if (state !== 'open') return null;
  return paused ? 0 : allowance;
}

function query(name: string, text: string, values: unknown[]) {
  return { name, text, values };
}
