import { randomUUID } from 'node:crypto';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { CONFIG, type Config } from '../config/index';
import { Line } from '../line/index';
import { Database } from '../platform/database/index';
import { EventLines, type ClaimedPermit } from '../platform/queue/index';
import { REGULAR, VIP, type Tier } from '../shared/tier';
import { Settlement, type Reach, type Settled } from './settlement';

/** Requests in one transaction. */
const BATCH = 1_000;
/** Permits taken at once: on a busy line each stands for dozens of requests. */
const PERMITS = 64;
/** A tick goes on while there is something to do, so long at most; then the next begins at once. */
const DRAIN_MS = 2_000;
/** Events settled side by side, so that a hot one does not hold up the others. */
const EVENTS_AT_ONCE = 4;

const TICK = 'tick';

/**
 * The worker's heartbeat: every TICK_INTERVAL_MS it takes permits from the lines, VIP first, and settles what they
 * allow, until the lines are empty, their pace is used up or its time is over. Ticks never overlap.
 */
@Injectable()
export class Tick implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('tick');
  private readonly holder = `worker-${randomUUID()}`;
  private running: Promise<number> | undefined;
  private stopping = false;
  private readonly completing = new Set<Promise<unknown>>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly line: Line,
    @Inject(EventLines) private readonly lines: EventLines,
    private readonly settlement: Settlement,
    private readonly scheduler: SchedulerRegistry,
  ) {}

  onApplicationBootstrap(): void {
    this.arm(0);
  }

  /** Lets the tick that is under way finish; no other begins. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    if (this.scheduler.doesExist('timeout', TICK)) this.scheduler.deleteTimeout(TICK);
    await this.running?.catch(() => undefined);
  }

  /** One tick now; joins the one under way if there is one. Answers how many requests it settled. */
  run(): Promise<number> {
    this.running ??= this.drain().finally(() => (this.running = undefined));
    return this.running;
  }

  private arm(delayMs: number): void {
    if (this.stopping) return;
    if (this.scheduler.doesExist('timeout', TICK)) this.scheduler.deleteTimeout(TICK);
    this.scheduler.addTimeout(
      TICK,
      setTimeout(() => void this.beat(), delayMs),
    );
  }

  private async beat(): Promise<void> {
    const startedAt = performance.now();
    if (this.database.ready) {
      await this.run().catch((error: Error) => this.log.warn(`tick failed, trying again: ${error.message}`));
    }
    // Re-armed only when the tick is over: an interval would start a second one over a slow first.
    this.arm(Math.max(0, this.config.tickIntervalMs - (performance.now() - startedAt)));
  }

  private async drain(): Promise<number> {
    try {
      return await this.serveAll();
    } finally {
      await Promise.all(this.completing);
    }
  }

  private async serveAll(): Promise<number> {
    const endsAt = performance.now() + DRAIN_MS;
    let settled = 0;
    let busy = await this.line.toServe();
    while (busy.length > 0 && performance.now() < endsAt && !this.stopping) {
      const goOn: number[] = [];
      const inTurn = busy.values();
      const serve = async () => {
        for (const eventId of inTurn) {
          const served = await this.serve(eventId, endsAt);
          settled += served.settled;
          if (served.goOn) goOn.push(eventId);
        }
      };
      await Promise.all(Array.from({ length: Math.min(EVENTS_AT_ONCE, busy.length) }, serve));
      busy = goOn;
    }
    return settled;
  }

  /** Claims what is in line for one event and settles it. Never rejects: one broken line must not stop the others. */
  private async serve(eventId: number, endsAt: number): Promise<{ settled: number; goOn: boolean }> {
    let claimed: ClaimedPermit[] = [];
    try {
      claimed = await this.lines.claim(eventId, { maxRequests: BATCH, maxJobs: PERMITS, token: this.holder });
      if (claimed.length === 0) return { settled: 0, goOn: false };
      const reach = { vip: furthest(claimed, VIP), regular: furthest(claimed, REGULAR) };
      const { settled, served, held } = await this.settleTo(eventId, reach, endsAt);
      await this.putBack(eventId, reach, served);
      this.complete(claimed);
      return { settled, goOn: !held };
    } catch (error) {
      this.log.warn(`event ${eventId}: ${(error as Error).message}`);
      await this.lines.giveBack(claimed, error as Error).catch(() => undefined);
      return { settled: 0, goOn: false };
    }
  }

  /**
   * Ends permits beside the next batch: a permit whose ending fails comes back and finds nothing to do. The tick waits
   * for the last of them.
   */
  private complete(claimed: readonly ClaimedPermit[]): void {
    const completing = this.lines
      .complete(claimed)
      .catch((error: Error) => this.log.warn(`permits not ended: ${error.message}`))
      .finally(() => this.completing.delete(completing));
    this.completing.add(completing);
  }

  private async settleTo(eventId: number, reach: Reach, endsAt: number): Promise<Settled> {
    let settled = 0;
    for (;;) {
      const batch = await this.settlement.settle(eventId, reach, BATCH);
      settled += batch.settled;
      const done = batch.served.vip >= reach.vip && batch.served.regular >= reach.regular;
      if (done || batch.held || performance.now() > endsAt || this.stopping) return { ...batch, settled };
    }
  }

  /** What the permits allowed and the pace did not goes back in line as permits of its own. */
  private async putBack(eventId: number, reach: Reach, served: Reach): Promise<void> {
    for (const [tier, to, from] of [
      [VIP, reach.vip, served.vip + 1],
      [REGULAR, reach.regular, served.regular + 1],
    ] as const) {
      if (to >= from) await this.lines.offer({ eventId, tier, from, to, requests: to - from + 1 });
    }
  }
}

function furthest(permits: readonly ClaimedPermit[], tier: Tier): number {
  return permits.reduce((most, permit) => (permit.tier === tier ? Math.max(most, permit.to) : most), 0);
}
