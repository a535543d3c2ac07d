import { Module, type DynamicModule } from '@nestjs/common';
import { AccountsModule } from '../accounts/index';
import { ConfigModule, type Config } from '../config/index';
import { ENTITIES } from '../entities';
import { LedgerModule } from '../ledger/index';
import { LineModule } from '../line/index';
import { DatabaseModule } from '../platform/database/index';
import { HttpModule } from '../platform/http/index';
import { MetricsModule } from '../platform/metrics/index';
import { QueueModule } from '../platform/queue/index';
import { SettlementModule } from '../settlement/index';
import { TicketRequestsModule } from '../ticket-requests/index';

/** What a command needs: the `records` alone, or the queue as well, to ask, tick and steer the `line`. */
export type Needs = 'records' | 'line';

/**
 * The server's own modules without a server: no HTTP, no heartbeat, no sweeper, no ledger writer. Commands that need no
 * queue do not open it, so they work while its store is away.
 */
@Module({})
export class CliModule {
  static with(config: Config, needs: Needs): DynamicModule {
    return {
      module: CliModule,
      imports: [
        ConfigModule.with(config),
        DatabaseModule.with(ENTITIES),
        HttpModule,
        MetricsModule,
        AccountsModule,
        LedgerModule,
        ...(needs === 'line' ? [QueueModule, LineModule, TicketRequestsModule, SettlementModule] : []),
      ],
    };
  }
}
