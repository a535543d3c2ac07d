import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database, deleteInPortions } from '../platform/database/index';

const HOUR_MS = 3_600_000;

/** Purpose  forget refresh tokens that are over   $1 how many at most */
const FORGET = `
  DELETE FROM refresh_tokens
   WHERE token_hash IN (SELECT token_hash FROM refresh_tokens WHERE expires_at < now() LIMIT $1)`;

/** Forgets refresh tokens that are over. For workers. */
@Injectable()
export class TokenKeeper {
  private readonly log = new Logger('tokens');

  constructor(private readonly database: Database) {}

  @Interval('tokens', HOUR_MS)
  async forget(): Promise<void> {
    try {
      await deleteInPortions(this.database, FORGET);
    } catch (error) {
      this.log.warn(`old refresh tokens stay another hour: ${(error as Error).message}`);
    }
  }
}
