import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database } from '../platform/database/index';

const HOUR_MS = 3_600_000;
const PORTION = 10_000;

/** Purpose  forget keys that are older than the API promises to know them   $1 how many at most */
const FORGET = `
  DELETE FROM idempotency_keys WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM idempotency_keys WHERE created_at < now() - interval '24 hours' LIMIT $1))`;

/** Forgets idempotency keys after 24 hours, as the API says. */
@Injectable()
export class KeyKeeper {
  private readonly log = new Logger('keys');

  constructor(private readonly database: Database) {}

  @Interval('keys', HOUR_MS)
  async forget(): Promise<void> {
    try {
      // In portions: after a large rush one statement would run into its time limit, undo everything, and fail again.
      for (let gone = PORTION; gone === PORTION;)
        gone = (await this.database.query(FORGET, [PORTION])).rowCount!;
    } catch (error) {
      this.log.warn(`old keys stay another hour: ${(error as Error).message}`);
    }
  }
}
