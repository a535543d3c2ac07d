import { positionOf, waitingIn, type TierLine } from '../shared/position';
import { VIP, type Tier } from '../shared/tier';
import type { BoardRow } from './board.sql';

export interface ShelfType {
  readonly id: number;
  readonly name: string;
  readonly tier: Tier;
  readonly capacity: number;
  readonly remaining: number;
}

interface TierState extends TierLine {
  /** Seats asked for by all requests so far: with `lastPlace`, the average of a request. */
  readonly lastSeats: number;
  /** Seats that the first who wait ask for together: of the first alone, of the first two, and so on for some dozens. */
  readonly nextSeats: readonly number[];
}

/** What a process knows of one event at one moment. Replaced, never changed, except by `joined`. */
export interface EventBoard {
  readonly eventId: number;
  readonly mode: string;
  readonly state: string;
  readonly organizerId: number;
  readonly maxPerBuyer: number;
  readonly opensAtMs: number | null;
  readonly closesAtMs: number | null;
  readonly types: readonly ShelfType[];
  vip: TierState;
  regular: TierState;
  /** Requests settled since the event began. */
  readonly settled: number;
  /** Over the last ten seconds; 0 when nothing was settled then, or the line is held. */
  readonly settledPerSecond: number;
  readonly pace: number | null;
  readonly paused: boolean;
  /** When the settlement last moved the line, by the database's clock. */
  readonly changedAtMs: number;
}

export function boardOf(row: BoardRow, settledPerSecond: number): EventBoard {
  const tier = (number: Tier, servedPlace: number, cancelled: number[], next: number[]): TierState => {
    const place = row.places.find((candidate) => candidate.tier === number);
    let seats = 0;
    const nextSeats = next.map((quantity) => (seats += quantity));
    return { lastPlace: place?.last ?? 0, lastSeats: place?.seats ?? 0, servedPlace, cancelled, nextSeats };
  };
  return {
    eventId: row.id,
    mode: row.mode,
    state: row.state,
    organizerId: row.organizer_id,
    maxPerBuyer: row.max_per_buyer,
    opensAtMs: row.opens_at_ms,
    closesAtMs: row.closes_at_ms,
    types: row.types,
    vip: tier(1, row.vip_served, row.vip_cancelled, row.vip_next),
    regular: tier(2, row.regular_served, row.regular_cancelled, row.regular_next),
    settled: row.settled,
    // What it did before it was held says nothing about now.
    settledPerSecond: row.paused ? 0 : settledPerSecond,
    pace: row.pace,
    paused: row.paused,
    changedAtMs: row.changed_at_ms,
  };
}

/** Why an event takes no requests at `nowMs` of the database's clock, in words, or `undefined` when it does. */
export function notOnSale(board: EventBoard, nowMs: number): string | undefined {
  if (board.state === 'cancelled') return 'The event has been cancelled.';
  if (board.mode !== 'sale') return 'The tickets of this event are given out in another way.';
  if (board.state !== 'open') return 'The sale is closed.';
  if (board.opensAtMs !== null && nowMs < board.opensAtMs) {
    return `The sale opens at ${new Date(board.opensAtMs).toISOString()}.`;
  }
  if (board.closesAtMs !== null && nowMs >= board.closesAtMs) return 'The sale is over.';
  return undefined;
}

/** Whether somebody waits, so that the numbers may move at any tick. */
export function someoneWaits(board: EventBoard): boolean {
  return waitingIn(board.vip) > 0 || waitingIn(board.regular) > 0;
}

/** Requests per second that the line can be expected to settle; `null` while unknown or paused. */
export function expectedRate(board: EventBoard): number | null {
  if (board.paused) return null;
  if (board.pace !== null) return board.pace;
  return board.settledPerSecond > 0 ? board.settledPerSecond : null;
}

export interface Outlook {
  readonly position: number;
  readonly ahead: number;
  readonly vip_ahead: number;
  readonly eta_seconds: number | null;
  readonly chance: 'likely' | 'unlikely' | 'none';
  readonly poll_after_ms: number;
}

/** What somebody who waits at `place` is told. Arithmetic alone: no query, no look-up by request. */
export function outlook(board: EventBoard, tier: Tier, place: number): Outlook {
  const { position, ahead, vipAhead } = positionOf(tier, place, board.vip, board.regular);
  const etaSeconds = eta(position, expectedRate(board));
  return {
    position,
    ahead,
    vip_ahead: vipAhead,
    eta_seconds: etaSeconds,
    chance: chanceOf(board, tier, tier === VIP ? ahead : ahead - vipAhead),
    poll_after_ms: pollAfterMs(etaSeconds),
  };
}

/** Seconds until the `position`-th is settled at this rate; `null` when the rate is unknown. */
export function eta(position: number, perSecond: number | null): number | null {
  return perSecond === null ? null : Math.ceil(position / perSecond);
}

/** When it is worth asking again: soon near the front, seldom far back. Clients add their own jitter. */
export function pollAfterMs(etaSeconds: number | null): number {
  return etaSeconds === null ? 2_000 : Math.min(15_000, Math.max(1_000, etaSeconds * 100));
}

function chanceOf(board: EventBoard, tier: Tier, aheadInTier: number): Outlook['chance'] {
  const type = board.types.find((candidate) => candidate.tier === tier);
  if (type === undefined || type.remaining === 0) return 'none';
  const needed = seatsNeeded(tier === VIP ? board.vip : board.regular, aheadInTier + 1);
  return needed <= type.remaining ? 'likely' : 'unlikely';
}

/**
 * Seats that the first `requests` who wait ask for: counted for some dozens, and beyond them as many each as those on
 * average. Not by the average of all who ever asked: somebody served long ago would speak against those who wait now.
 */
function seatsNeeded({ nextSeats, lastSeats, lastPlace }: TierState, requests: number): number {
  const counted = Math.min(requests, nextSeats.length);
  const seats = counted === 0 ? 0 : nextSeats[counted - 1]!;
  if (counted === requests) return seats;
  const each = counted > 0 ? seats / counted : lastPlace === 0 ? 1 : lastSeats / lastPlace;
  return seats + (requests - counted) * each;
}
