import type { Rule } from './rules';

/** Subjects remembered at once, of one rule; about 100 bytes each. */
const REMEMBERED = 50_000;

/** What one process knows of one subject. */
export interface Use {
  readonly who: string | number;
  /** When all uses are given back, on this process's own steady clock, in milliseconds. */
  fullAt: number;
  /** Uses that the other processes have not been told of. */
  untold: number;
  /** Its name in the database, once it was told of. */
  subject: Buffer | undefined;
}

/**
 * Counts the uses of one rule as one process sees them: no query, no promise. What others have let through is added by
 * whoever learns of it.
 */
export class Meter {
  private readonly uses = new Map<string | number, Use>();
  /** Milliseconds until one use is given back. */
  readonly costMs: number;
  readonly burstMs: number;
  /**
   * From how many uses on the others are told: a tenth of a burst, but never the first, so that a million people who
   * each ask once cost no statement, and who polls as told next to none.
   */
  readonly tellFrom: number;

  constructor(readonly rule: Rule) {
    this.costMs = 60_000 / rule.perMinute;
    this.burstMs = this.costMs * rule.burst;
    this.tellFrom = Math.max(2, Math.floor(rule.burst / 10));
  }

  /** Uses one. Answers it, or for how many milliseconds there is none left. */
  take(who: string | number, now: number): Use | number {
    let use = this.uses.get(who);
    if (use === undefined)
      this.remember(who, (use = { who, fullAt: now, untold: 0, subject: undefined }), now);
    const fullAt = (use.fullAt > now ? use.fullAt : now) + this.costMs;
    const early = fullAt - now - this.burstMs;
    if (early > 0) return early;
    use.fullAt = fullAt;
    use.untold += 1;
    return use;
  }

  private remember(who: string | number, use: Use, now: number): void {
    if (this.uses.size >= REMEMBERED) this.forget(now);
    this.uses.set(who, use);
  }

  /** Those who have all back; and when that is hardly anybody, the oldest (a Map walks in the order of insertion). */
  private forget(now: number): void {
    for (const [who, { fullAt }] of this.uses) if (fullAt <= now) this.uses.delete(who);
    let toDrop = this.uses.size - REMEMBERED * 0.9;
    for (const who of this.uses.keys()) {
      if (toDrop <= 0) return;
      this.uses.delete(who);
      toDrop -= 1;
    }
  }
}
