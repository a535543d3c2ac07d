import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from './migrations/index';

/** Any number will do, as long as it is ours and every process uses the same. */
const MIGRATION_LOCK = 7_177_101;

/**
 * Brings the schema up to date, once, however many processes start together: the lock is held on a connection of its
 * own, and who comes later finds nothing left to do. No statement is timed out: an index on a large table takes long.
 */
export async function migrate(url: string): Promise<void> {
  const holder = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // Cut while it waits for nothing: the lock is gone, and the end of the migration says so.
  holder.on('error', () => undefined);
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations: MIGRATIONS,
    poolSize: 1,
    connectTimeoutMS: 5_000,
  });
  await holder.connect();
  try {
    await holder.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await source.initialize();
    await source.runMigrations({ transaction: 'each' });
  } finally {
    if (source.isInitialized) await source.destroy();
    await holder.end();
  }
}
