import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import type { Histogram } from 'prom-client';
import { CONFIG, type Config } from '../config/index';
import { Database } from '../platform/database/index';
import { Metrics } from '../platform/metrics/index';
import { Tick } from './tick';

const TICK = 'tick';
/** A tick at rest takes milliseconds, one under load up to two seconds. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What makes a process a worker: a tick every TICK_INTERVAL_MS, from its start until it is told to stop. */
@Injectable()
export class Heartbeat implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('tick');
  private stopping = false;
  private dueAt = Infinity;
  private readonly took: Histogram;
  private readonly late: Histogram;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly tick: Tick,
    private readonly scheduler: SchedulerRegistry,
    metrics: Metrics,
  ) {
    this.took = metrics.histogram('tixline_tick_duration_seconds', 'How long ticks took.', SECONDS);
    this.late = metrics.histogram(
      'tixline_tick_lateness_seconds',
      'How much later than TICK_INTERVAL_MS after the one before it each tick began.',
      SECONDS,
    );
  }

  onApplicationBootstrap(): void {
    this.arm(0);
  }

  /** No other tick begins; the one under way is waited for by Tick. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
    if (this.scheduler.doesExist('timeout', TICK)) this.scheduler.deleteTimeout(TICK);
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
    this.late.observe(Math.max(0, startedAt - this.dueAt) / 1_000);
    this.dueAt = startedAt + this.config.tickIntervalMs;
    if (this.database.ready) {
      await this.tick
        .run()
        .catch((error: Error) => this.log.warn(`tick failed, trying again: ${error.message}`));
      this.took.observe((performance.now() - startedAt) / 1_000);
    }
    // Re-armed only when the tick is over: an interval would start a second one over a slow first.
    this.arm(Math.max(0, this.config.tickIntervalMs - (performance.now() - startedAt)));
  }
}
