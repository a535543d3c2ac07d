import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { ConfigModule, type Config } from './config/index.js';
import { ENTITIES } from './entities.js';
import { LedgerModule } from './ledger/index.js';
import { DatabaseModule } from './platform/database/index.js';
import { QueueModule } from './platform/queue/index.js';
import { SettlementModule } from './settlement/index.js';

/** What works by itself: the tick, the sweeper, the ledger's file. */
@Module({})
export class WorkerModule {
  static with(config: Config): DynamicModule {
    return {
      module: WorkerModule,
      imports: [ConfigModule.with(config), DatabaseModule.with(ENTITIES), QueueModule, ...WorkerModule.parts()],
    };
  }

  /** The worker's own parts, for a process that has the rest already. */
  static parts(): NonNullable<ModuleMetadata['imports']> {
    return [ScheduleModule.forRoot(), SettlementModule, LedgerModule.withWriter()];
  }
}
