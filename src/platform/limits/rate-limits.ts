import { createHmac } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/index';
import { Database } from '../database/index';
import { LIMITS } from './limits.sql';
import { Meter, type Use } from './meter';
import type { Rule } from './rules';

/** How long what one process lets through may be unknown to the others. */
const SHARE_MS = 100;

interface Heard {
  subject: Buffer;
  debt_ms: number;
}

/**
 * Rate limits that all processes share, through the database. Two ways to use one: `take` asks the database and is
 * exact, for what costs a statement anyhow; `takeHere` goes by what this process knows, costs no wait, and tells the
 * others a tenth of a second later, of a tenth of a burst or more. So each process lets through a tenth of a burst
 * more, and what comes within that tenth of a second is counted by each alone: a burst of its own at each at worst, which
 * all of them then wait off.
 */
@Injectable()
export class RateLimits implements OnApplicationShutdown {
  private readonly log = new Logger('limits');
  private readonly meters = new Map<Rule, Meter>();
  private readonly toTell = new Map<Use, Meter>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
  ) {}

  /** Uses one. Answers 0, or in how many seconds there is one again. Rejects when the database is away. */
  async take(rule: Rule, who: string): Promise<number> {
    if (!this.config.rateLimits) return 0;
    const { costMs, burstMs } = this.meterOf(rule);
    const { rows } = await this.database.query<{ taken: boolean; debt_ms: number | null }>(
      LIMITS.take,
      [this.subjectOf(rule, who), costMs, burstMs],
      'limit-take',
    );
    const { taken, debt_ms } = rows[0]!;
    return taken ? 0 : seconds((debt_ms ?? 0) + costMs - burstMs);
  }

  /** Undoes one `take`. */
  async giveBack(rule: Rule, who: string): Promise<void> {
    if (!this.config.rateLimits) return;
    const { costMs } = this.meterOf(rule);
    await this.database.query(LIMITS.giveBack, [this.subjectOf(rule, who), costMs], 'limit-give-back');
  }

  /** Uses one by what this process knows. Answers 0, or in how many seconds there is one again. */
  takeHere(rule: Rule, who: string | number): number {
    if (!this.config.rateLimits) return 0;
    const meter = this.meterOf(rule);
    const use = meter.take(who, performance.now());
    if (typeof use === 'number') return seconds(use);
    if (use.untold >= meter.tellFrom) this.tellOf(use, meter);
    return 0;
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
  }

  private meterOf(rule: Rule): Meter {
    let meter = this.meters.get(rule);
    if (meter === undefined) this.meters.set(rule, (meter = new Meter(rule)));
    return meter;
  }

  private tellOf(use: Use, meter: Meter): void {
    this.toTell.set(use, meter);
    this.timer ??= setTimeout(() => void this.tell(), SHARE_MS).unref();
  }

  /** Tells the others of what this process has let through, and learns what they have. */
  private async tell(): Promise<void> {
    const told = [...this.toTell].map(([use, meter]) => {
      const subject = (use.subject ??= this.subjectOf(meter.rule, use.who));
      const count = use.untold;
      use.untold = 0;
      return { use, meter, count, subject };
    });
    this.toTell.clear();
    try {
      const { rows } = await this.database.query<Heard>(
        LIMITS.share,
        [told.map(({ subject }) => subject), told.map(({ meter, count }) => meter.costMs * count)],
        'limit-share',
      );
      const debts = new Map(rows.map(({ subject, debt_ms }) => [subject.toString('hex'), debt_ms]));
      const now = performance.now();
      for (const { use, meter, subject } of told) {
        const debt = debts.get(subject.toString('hex'))!;
        use.fullAt = Math.max(use.fullAt, now + debt + use.untold * meter.costMs);
      }
    } catch (error) {
      // Limits go on by what this process knows; what it let through is told with the next.
      this.log.debug(`not shared: ${(error as Error).message}`);
      for (const { use, count } of told) use.untold += count;
    } finally {
      this.timer = undefined;
      if (this.toTell.size > 0) this.timer = setTimeout(() => void this.tell(), SHARE_MS).unref();
    }
  }

  /** What a subject is called in the database: nobody can read from it who it is. */
  private subjectOf({ name }: Rule, who: string | number): Buffer {
    return createHmac('sha256', this.config.keys.mark)
      .update(`limit ${name} ${who}`)
      .digest()
      .subarray(0, 16);
  }
}

/** Whole seconds, at least one, as `Retry-After` wants them. */
function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}
