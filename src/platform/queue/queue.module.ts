import { Global, Inject, Logger, Module, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/index';
import { Database, startFailure } from '../database/index';
import { EventLines } from './event-lines';
import { createQueueHome, type QueueHome } from './queue-home';

/** Injection token of the place where BullMQ keeps its queues: Postgres, or Redis with REDIS_URL. */
export const QUEUE_HOME = Symbol('QUEUE_HOME');

/** The lines of all events, on whichever home the settings choose. */
@Global()
@Module({
  providers: [
    {
      provide: QUEUE_HOME,
      inject: [CONFIG, Database],
      useFactory: async (config: Config, database: Database): Promise<QueueHome> => {
        const log = new Logger('queue');
        const options = {
          log: (level: 'info' | 'warn' | 'error', line: string) =>
            level === 'info' ? log.log(line) : log.warn(line),
        };
        const { redisUrl, redisPrefix: prefix } = config;
        if (redisUrl !== undefined) return createQueueHome({ redisUrl, prefix }, options);
        return createQueueHome({ pool: database.pool }, options).catch((error: unknown) => {
          throw startFailure(error, config.databaseUrl);
        });
      },
    },
    { provide: EventLines, inject: [QUEUE_HOME], useFactory: (home: QueueHome) => new EventLines(home) },
  ],
  exports: [QUEUE_HOME, EventLines],
})
export class QueueModule implements OnApplicationShutdown {
  constructor(
    @Inject(QUEUE_HOME) private readonly home: QueueHome,
    @Inject(EventLines) private readonly lines: EventLines,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.lines.close();
    await this.home.close();
  }
}
