import type { INestApplicationContext } from '@nestjs/common';
import { Database } from '../platform/database/index';
import { QUEUE_HOME, type QueueHome } from '../platform/queue/index';
import { paint, type Page } from './page';
import type { Task } from './task';

interface Migrated {
  /** Names, the oldest first. */
  readonly migrations: readonly string[];
  /** Where BullMQ keeps its queues; on Postgres its tables are up to date too. */
  readonly queue: 'postgres' | 'redis';
}

/** Brings the schema up to date, as every process does when it starts: a step of its own for a deployment. */
export const migrate: Task<object, Migrated> = { needs: 'line', work, show };

async function work(tixline: INestApplicationContext): Promise<Migrated> {
  const { rows } = await tixline.get(Database).query<{ name: string }>(`SELECT name FROM migrations ORDER BY id`);
  const queue = tixline.get<QueueHome>(QUEUE_HOME, { strict: false }).kind;
  return { migrations: rows.map(({ name }) => name), queue };
}

function show({ migrations, queue }: Migrated, page: Page): string {
  const count = `${migrations.length} migration${migrations.length === 1 ? '' : 's'}, the last ${migrations.at(-1)}`;
  const bullmq = queue === 'postgres' ? '; and so are the tables of BullMQ' : '';
  return `${paint(page, 'green', 'The schema is up to date')} (${count})${bullmq}.\n`;
}
