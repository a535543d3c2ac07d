import { Module, type DynamicModule } from '@nestjs/common';
import { AccountsModule } from './accounts/index.js';
import { ConfigModule, type Config } from './config/index.js';
import { ENTITIES } from './entities.js';
import { EventsModule } from './events/index.js';
import { InventoryModule } from './inventory/index.js';
import { LineModule } from './line/index.js';
import { OperationsModule } from './operations/index.js';
import { DatabaseModule } from './platform/database/index.js';
import { HttpModule } from './platform/http/index.js';
import { QueueModule } from './platform/queue/index.js';
import { TicketRequestsModule } from './ticket-requests/index.js';
import { TicketsModule } from './tickets/index.js';
import { WorkerModule } from './worker.module.js';

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
        HttpModule,
        AccountsModule,
        EventsModule,
        InventoryModule,
        LineModule,
        TicketRequestsModule,
        TicketsModule,
        OperationsModule,
        ...(config.role === 'all' ? WorkerModule.parts() : []),
      ],
    };
  }
}
