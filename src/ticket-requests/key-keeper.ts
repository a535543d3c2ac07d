import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database, deleteInPortions } from '../platform/database/index';

const HOUR_MS = 3_600_000;

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
      await deleteInPortions(this.database, FORGET);
    } catch (error) {
      this.log.warn(`old keys stay another hour: ${(error as Error).message}`);
    }
  }
}
