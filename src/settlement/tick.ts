import { randomUUID } from 'node:crypto';
import type { Counter } from 'prom-client';
import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index';
import { Line } from '../line/index';
import { EventLines, type ClaimedPermit } from '../platform/queue/index';
import { Metrics } from '../platform/metrics/index';
import { REGULAR, VIP, type Tier } from '../shared/tier';
import { Patience } from './patience';
import { Settlement, type Reach, type Settled } from './settlement';
import { Trials } from './trials';

/** Requests in one transaction. */
const BATCH = 1_000;
/** Permits taken at once: on a busy line each stands for dozens of requests. */
const PERMITS = 64;
/** A tick goes on while there is something to do, so long at most; then the next begins at once. */
const DRAIN_MS = 2_000;
/** How long a stop waits for a tick: longer than any that has a store to work with. */
const STOP_MS = 5_000;
/** Events settled side by side, so that a hot one does not hold up the others. */
const EVENTS_AT_ONCE = 4;
/** How long a tick waits for the queue's store or for one batch, both of which take milliseconds. */
const ANSWER_MS = 1_000;
/** The same for an event at which it waited in vain the last time. */
const SLOW_MS = 50;

interface Served {
  readonly settled: number;
  /** Whether there may be more to do at once. */
  readonly goOn: boolean;
}

const NOTHING: Served = { settled: 0, goOn: false };

/** Requests that a tick settled, by event; events of which it settled none are left out. */
export type Ticked = ReadonlyMap<number, number>;

/**
 * One beat of a worker: it takes permits from the lines, VIP first, and settles what they allow, until the lines are
 * empty, their pace is used up or its time is over. Ticks never overlap. Nothing ticks by itself here: see Heartbeat.
 */
@Injectable()
export class Tick implements BeforeApplicationShutdown {
  private readonly log = new Logger('tick');
  private readonly holder = `worker-${randomUUID()}`;
  private running: Promise<Ticked> | undefined;
  private stopping = false;
  private readonly batches: Counter;
  private readonly setAside: Counter;
  private readonly completing = new Set<Promise<unknown>>();
  /** Events that are being served, some of them by a tick that is over. */
  private readonly busy = new Set<number>();
  private readonly settling = new Set<Promise<unknown>>();
  /** Settlements at once, those that a tick no longer waits for among them: each holds a connection, and others need some. */
  private readonly mostSettling: number;
  /**
   * Events that kept a tick waiting in vain the last time: the node of a cluster that holds the line may be gone, or
   * something may hold the event's rows.
   */
  private readonly slow = new Set<number>();

  constructor(
    private readonly line: Line,
    @Inject(EventLines) private readonly lines: EventLines,
    private readonly settlement: Settlement,
    private readonly trials: Trials,
    @Inject(CONFIG) config: Config,
    metrics: Metrics,
  ) {
    this.mostSettling = Math.max(EVENTS_AT_ONCE, Math.floor(config.databasePool / 2));
    this.batches = metrics.counter('tixline_batches_total', 'Transactions that settled requests.');
    this.setAside = metrics.counter(
      'tixline_permits_set_aside_total',
      'Permits that failed too often: they stand under failed in Bull Board, with the reason.',
    );
  }

  /**
   * Lets the tick that is under way finish, and what is being settled; no other begins. One that waits for a Redis that is
   * away would never end: it is left behind, and what it holds comes back once its locks run out.
   */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await upTo(STOP_MS, Promise.allSettled([this.running, ...this.settling]));
  }

  /**
   * One tick now; joins the one under way if there is one. Answers how many requests it settled, without those of events
   * that it no longer waited for.
   */
  async run(): Promise<number> {
    return [...(await this.runByEvent()).values()].reduce((sum, settled) => sum + settled, 0);
  }

  /** The same, and answers how many it settled of each event. */
  runByEvent(): Promise<Ticked> {
    this.running ??= this.drain().finally(() => (this.running = undefined));
    return this.running;
  }

  private async drain(): Promise<Ticked> {
    try {
      return await this.serveAll();
    } finally {
      await upTo(ANSWER_MS, Promise.all(this.completing));
    }
  }

  private async serveAll(): Promise<Ticked> {
    const endsAt = performance.now() + DRAIN_MS;
    const ticked = new Map<number, number>();
    let busy = await this.line.toServe();
    const suspects = busy.length > 0 ? await this.trials.suspects() : [];
    while (busy.length > 0 && performance.now() < endsAt && !this.stopping) {
      const goOn: number[] = [];
      const serve = async (inTurn: Iterable<number>) => {
        for (const eventId of inTurn) {
          const served = await this.serve(eventId, endsAt);
          if (served.settled > 0) ticked.set(eventId, (ticked.get(eventId) ?? 0) + served.settled);
          if (served.goOn) goOn.push(eventId);
        }
      };
      const trusted = busy.filter((eventId) => !suspects.includes(eventId)).values();
      await Promise.all(Array.from({ length: EVENTS_AT_ONCE }, () => serve(trusted)));
      // One that may end this process is tried when nothing else is under way, and after all others.
      await serve(suspects.filter((eventId) => busy.includes(eventId)));
      busy = goOn;
    }
    return ticked;
  }

  /**
   * Claims what is in line for one event and settles it. Never rejects: one broken line must not stop the others. Nor
   * does one that gives no answer, or whose settlement stands still: it is left to itself while the tick goes on, and
   * served again when it has ended, with little patience until it ends well.
   */
  private async serve(eventId: number, endsAt: number): Promise<Served> {
    if (this.busy.has(eventId) || this.settling.size >= this.mostSettling) return NOTHING;
    this.busy.add(eventId);
    const patience = new Patience(this.slow.has(eventId) ? SLOW_MS : ANSWER_MS);
    const serving = this.claimAndSettle(eventId, endsAt, patience).finally(() => this.busy.delete(eventId));
    const served = await Promise.race([serving, patience.over]);
    patience.end();
    if (served === undefined) this.slow.add(eventId);
    return served ?? NOTHING;
  }

  private async claimAndSettle(eventId: number, endsAt: number, patience: Patience): Promise<Served> {
    const limits = { maxRequests: BATCH, maxJobs: PERMITS, token: this.holder };
    let claimed: ClaimedPermit[];
    try {
      claimed = await this.lines.claim(eventId, limits);
    } catch (error) {
      this.slow.add(eventId);
      this.log.warn(`event ${eventId}: ${(error as Error).message}`);
      return NOTHING;
    }
    patience.again();
    const settling = this.settleClaimed(eventId, claimed, endsAt, patience).finally(() =>
      this.settling.delete(settling),
    );
    this.settling.add(settling);
    return settling;
  }

  private async settleClaimed(
    eventId: number,
    claimed: readonly ClaimedPermit[],
    endsAt: number,
    patience: Patience,
  ): Promise<Served> {
    if (claimed.length === 0) return NOTHING;
    try {
      const reach = { vip: furthest(claimed, VIP), regular: furthest(claimed, REGULAR) };
      const { settled, served, reach: due, held } = await this.settleTo(eventId, reach, endsAt, patience);
      await this.putBack(eventId, due, served);
      this.complete(claimed);
      this.slow.delete(eventId);
      return { settled, goOn: !held };
    } catch (error) {
      this.log.warn(`event ${eventId}: ${(error as Error).message}`);
      await upTo(
        ANSWER_MS,
        this.lines.giveBack(claimed, error as Error).then(
          (setAside) => this.setAside.inc(setAside.length),
          () => undefined,
        ),
      );
      return NOTHING;
    }
  }

  /**
   * Ends permits beside the next batch: a permit whose ending fails comes back and finds nothing to do. The tick waits
   * for the last of them, though not for a store that gives no answer.
   */
  private complete(claimed: readonly ClaimedPermit[]): void {
    const completing = this.lines
      .complete(claimed)
      .catch((error: Error) => this.log.warn(`permits not ended: ${error.message}`))
      .finally(() => this.completing.delete(completing));
    this.completing.add(completing);
  }

  private async settleTo(
    eventId: number,
    reach: Reach,
    endsAt: number,
    patience: Patience,
  ): Promise<Settled> {
    let settled = 0;
    for (;;) {
      const batch = await this.trials.run(eventId, () => this.settlement.settle(eventId, reach, BATCH));
      settled += batch.settled;
      patience.again();
      if (batch.settled > 0) this.batches.inc();
      const done = batch.served.vip >= batch.reach.vip && batch.served.regular >= batch.reach.regular;
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

/** What `work` answers, or `undefined` once so much time has passed. The work goes on. */
async function upTo<T>(limitMs: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), limitMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
