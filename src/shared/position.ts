/**
 * Where somebody stands, by arithmetic on a few numbers of the line (the "bakery ticket"). O(log c) in the number of
 * cancelled places still ahead, independent of how many wait.
 */
import { VIP, type Tier } from './tier';

export interface TierLine {
  /** The highest place given out. */
  readonly lastPlace: number;
  /** Every place up to this one is settled or cancelled. */
  readonly servedPlace: number;
  /** Cancelled places above `servedPlace`, ascending. */
  readonly cancelled: readonly number[];
}

/** How many wait in a tier: given out, not served, not cancelled. */
export function waitingIn(line: TierLine): number {
  return Math.max(0, line.lastPlace - line.servedPlace - line.cancelled.length);
}

export interface Position {
  /** 1 is next. */
  readonly position: number;
  readonly ahead: number;
  readonly vipAhead: number;
}

/**
 * The position of `place` in its tier, exact for the given numbers; the place must still be waiting.
 * VIP: those before it in the VIP line. Regular: those before it, and every VIP who waits.
 */
export function positionOf(tier: Tier, place: number, vip: TierLine, regular: TierLine): Position {
  const own = tier === VIP ? vip : regular;
  const before = Math.max(0, place - 1 - own.servedPlace - countBelow(own.cancelled, place));
  const vipAhead = tier === VIP ? before : waitingIn(vip);
  const ahead = tier === VIP ? before : before + vipAhead;
  return { position: ahead + 1, ahead, vipAhead };
}

/** How many of the ascending numbers are below `limit`. */
export function countBelow(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether a number is one of the ascending ones. */
export function isAmong(ascending: readonly number[], number: number): boolean {
  return ascending[countBelow(ascending, number)] === number;
}
