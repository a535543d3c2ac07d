import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Database } from '../platform/database/index';
import { AccessTokens } from '../platform/http/index';

const LOOK_MS = 500;
/** A transaction may commit so much later than the time it bears. */
const LATE_S = 60;

/** Purpose  who was erased lately   $1 within how many seconds */
const ERASED = `SELECT id FROM users WHERE erased_at > now() - make_interval(secs => $1) ORDER BY erased_at`;

/** Has this process take no token of people who were erased, in whichever process that was, half a second later at most. */
@Injectable()
export class EndedAccounts implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('accounts');
  private lookedAtMs: number | undefined;
  private looking = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly accessTokens: AccessTokens,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.timer = setInterval(() => void this.look(), LOOK_MS);
    await this.look();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    if (this.looking || !this.database.ready) return;
    this.looking = true;
    try {
      const now = performance.now();
      // As long as a token may be good for, at the first look; since the last look after that.
      const sinceS =
        this.lookedAtMs === undefined
          ? this.accessTokens.longestLifetimeSeconds
          : (now - this.lookedAtMs) / 1_000;
      const { rows } = await this.database.query<{ id: number }>(ERASED, [sinceS + LATE_S], 'erased-lately');
      for (const { id } of rows) this.accessTokens.endAllOf(id);
      this.lookedAtMs = now;
    } catch (error) {
      this.log.debug(`not looked for the erased: ${(error as Error).message}`);
    } finally {
      this.looking = false;
    }
  }
}
