import { Controller, Get, Header, Inject, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '../platform/database/index';
import { Operation, Problem } from '../platform/http/index';
import { HealthDto, ReadyDto } from './health.dto';
import { QUEUE_HOME, type QueueHome } from '../platform/queue/index';

const LIMIT_MS = 1_000;

@Controller('health')
export class HealthController implements OnModuleDestroy {
  private stopping = false;

  constructor(
    private readonly database: Database,
    @Inject(QUEUE_HOME) private readonly home: QueueHome,
  ) {}

  /** The first of a stop's hooks: whoever shares out the requests hears of it while the rest is still being finished. */
  onModuleDestroy(): void {
    this.stopping = true;
  }

  /** The process runs. */
  @Get('live')
  @Header('Cache-Control', 'no-store')
  @Operation('getLive', { tag: 'Operations', for: 'everyone', limits: [] })
  live(): HealthDto {
    return { status: 'ok' };
  }

  /** The process can take requests: its database answers, and it is not stopping. (The queue may be away: requests are taken, and settled later.) */
  @Get('ready')
  @Header('Cache-Control', 'no-store')
  @Operation('getReady', { tag: 'Operations', for: 'everyone', limits: [] })
  async ready(): Promise<ReadyDto> {
    if (this.stopping)
      throw new Problem('unavailable', 'This process is stopping.', { retryAfterSeconds: 2 });
    const answered = this.database.query('SELECT 1').then(
      () => true,
      () => false,
    );
    const [database, queue] = await Promise.all([
      Promise.race([
        answered,
        new Promise<boolean>((resolve) => setTimeout(resolve, LIMIT_MS, false).unref()),
      ]),
      this.home.ready(LIMIT_MS),
    ]);
    if (!database)
      throw new Problem('unavailable', 'The database does not answer.', { retryAfterSeconds: 2 });
    return { status: 'ok', queue: queue ? 'ok' : 'away' };
  }
}
