import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database } from '../platform/database/index';

const HOUR_MS = 3_600_000;
/** Rows in one statement, so that however many there are none runs into the pool's time limit. */
const AT_ONCE = 10_000;

/** Forgets refresh tokens that are over. For workers. */
@Injectable()
export class TokenKeeper {
  private readonly log = new Logger('tokens');

  constructor(private readonly database: Database) {}

  @Interval('tokens', HOUR_MS)
  async forget(): Promise<void> {
    try {
      let gone: number | null = AT_ONCE;
      while (gone === AT_ONCE) {
        ({ rowCount: gone } = await this.database.query(
          `DELETE FROM refresh_tokens
            WHERE token_hash IN (SELECT token_hash FROM refresh_tokens WHERE expires_at < now() LIMIT ${AT_ONCE})`,
        ));
      }
    } catch (error) {
      this.log.warn(`old refresh tokens stay another hour: ${(error as Error).message}`);
    }
  }
}
