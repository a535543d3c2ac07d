import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database, deleteInPortions } from '../database/index';
import { LIMITS } from './limits.sql';

const HOUR_MS = 3_600_000;

/** Forgets rate limits that nobody uses any more. For workers. */
@Injectable()
export class LimitKeeper {
  private readonly log = new Logger('limits');

  constructor(private readonly database: Database) {}

  @Interval('limits', HOUR_MS)
  async forget(): Promise<void> {
    try {
      await deleteInPortions(this.database, LIMITS.forget);
    } catch (error) {
      this.log.warn(`old rate limits stay another hour: ${(error as Error).message}`);
    }
  }
}
