import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database, deleteInPortions } from '../platform/database/index';

const HOUR_MS = 3_600_000;

/** Purpose  forget sessions that are over   $1 how many at most */
const FORGET = `
  DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < now() LIMIT $1 FOR UPDATE SKIP LOCKED)`;

/** Forgets sessions that are over. For workers. */
@Injectable()
export class SessionKeeper {
  private readonly log = new Logger('sessions');

  constructor(private readonly database: Database) {}

  @Interval('sessions', HOUR_MS)
  async forget(): Promise<void> {
    try {
      await deleteInPortions(this.database, FORGET);
    } catch (error) {
      this.log.warn(`old sessions stay another hour: ${(error as Error).message}`);
    }
  }
}
