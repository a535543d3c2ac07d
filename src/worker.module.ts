import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { SessionKeeper } from './accounts/index';
import { ConfigModule, type Config } from './config/index';
import { ENTITIES } from './entities';
import { LedgerModule } from './ledger/index';
import { ErasureKeeper } from './personal-data/index';
import { DatabaseModule } from './platform/database/index';
import { LimitKeeper } from './platform/limits/index';
import { MetricsModule } from './platform/metrics/index';
import { QueueModule } from './platform/queue/index';
import { SettlementModule } from './settlement/index';
import { KeyKeeper } from './ticket-requests/index';

/** What goes through the tables now and then and forgets what is over. */
@Module({ providers: [ErasureKeeper, KeyKeeper, LimitKeeper, SessionKeeper] })
class KeepersModule {}

/** What works by itself: the tick, the sweeper, the ledger's file. */
@Module({})
export class WorkerModule {
  static with(config: Config): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        ConfigModule.with(config),
        DatabaseModule.with(ENTITIES),
        QueueModule,
        MetricsModule,
        ...WorkerModule.parts(),
      ],
    };
  }

  /** The worker's own parts, for a process that has the rest already. */
  static parts(): NonNullable<ModuleMetadata['imports']> {
    return [
      ScheduleModule.forRoot(),
      SettlementModule.withHeartbeat(),
      LedgerModule.withWriter(),
      KeepersModule,
    ];
  }
}
