import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { CONFIG, type Config } from '../config/index';
import { Database } from '../platform/database/index';
import { Tick } from './tick';

const TICK = 'tick';

/** What makes a process a worker: a tick every TICK_INTERVAL_MS, from its start until it is told to stop. */
@Injectable()
export class Heartbeat implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('tick');
  private stopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly tick: Tick,
    private readonly scheduler: SchedulerRegistry,
  ) {}

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
    if (this.database.ready) {
      await this.tick.run().catch((error: Error) => this.log.warn(`tick failed, trying again: ${error.message}`));
    }
    // Re-armed only when the tick is over: an interval would start a second one over a slow first.
    this.arm(Math.max(0, this.config.tickIntervalMs - (performance.now() - startedAt)));
  }
}
