import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database } from '../platform/database/index';
import { LEFT_OVER } from './erasure.sql';
import { release } from './release';

const LOOK_MS = 30_000;

/**
 * Gives back what somebody asked for in the moment in which they were erased: such a request may be taken in just after,
 * since taking one in looks at nothing but the line. For workers.
 */
@Injectable()
export class ErasureKeeper {
  private readonly log = new Logger('erasures');

  constructor(private readonly database: Database) {}

  @Interval('erasures', LOOK_MS)
  async look(): Promise<void> {
    try {
      const { rows } = await this.database.query<{ id: number }>(LEFT_OVER);
      for (const { id } of rows) await this.database.transaction((client) => release(client, id));
    } catch (error) {
      this.log.warn(`what erased people left over stays another moment: ${(error as Error).message}`);
    }
  }
}
