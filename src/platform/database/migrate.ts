import { Client } from 'pg';
import type { DataSource } from 'typeorm';

/** Any number will do, as long as it is ours and every process uses the same. */
const MIGRATION_LOCK = 7_177_101;

/**
 * Brings the schema up to date, once, however many processes start together: the lock is held on a connection of its
 * own, and who comes later finds nothing left to do.
 */
export async function migrate(source: DataSource, url: string): Promise<void> {
  const holder = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await holder.connect();
  try {
    await holder.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await source.runMigrations({ transaction: 'each' });
  } finally {
    await holder.end();
  }
}
