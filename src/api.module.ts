import { Module, type DynamicModule } from '@nestjs/common';
import { AccountsModule } from './accounts/index';
import { ConfigModule, type Config } from './config/index';
import { ENTITIES } from './entities';
import { EventsModule } from './events/index';
import { InventoryModule } from './inventory/index';
import { LineModule } from './line/index';
import { OperationsModule } from './operations/index';
import { PersonalDataModule } from './personal-data/index';
import { DatabaseModule } from './platform/database/index';
import { HttpModule } from './platform/http/index';
import { MetricsModule } from './platform/metrics/index';
import { QueueModule } from './platform/queue/index';
import { TicketRequestsModule } from './ticket-requests/index';
import { TicketsModule } from './tickets/index';
import { WorkerModule } from './worker.module';

/** What answers people: everything with routes. With role `all` the worker's parts are in the same process. */
@Module({})
export class ApiModule {
  static with(config: Config): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        ConfigModule.with(config),
        DatabaseModule.with(ENTITIES),
        QueueModule,
        MetricsModule,
        HttpModule,
        AccountsModule,
        EventsModule,
        InventoryModule,
        LineModule,
        TicketRequestsModule,
        TicketsModule,
        PersonalDataModule,
        OperationsModule,
        ...(config.role === 'all' ? WorkerModule.parts() : []),
      ],
    };
  }
}
