import { createPostgresBackend, Queue, runMigrations, Worker, type BackendFactory } from 'bullmq';
import type { Pool } from 'pg';
import { POOL_OPTIONS } from '../database/index';
import { queueSettings, workerSettings, type HomeSettings } from './home-settings';
import { Outage } from './outage';
import type { HomeQueue, HomeWorker, QueueHome } from './queue-home';
import { within } from './within';

/**
 * Purpose  names of BullMQ's tables that this connection does not find, or finds in another schema
 * Returns  one row { name } per such table, none when all is well
 * Guarded  `event` is left out: only QueueEvents reads it by its bare name, which is not used here, and a program
 *          that sells tickets may well have a table of that name
 */
const HIDDEN_TABLES = `
  SELECT relname AS name FROM pg_class
   WHERE relnamespace = 'bullmq'::regnamespace AND relkind = 'r' AND relname NOT IN ('event', 'migration')
     AND to_regclass(quote_ident(relname)) IS DISTINCT FROM oid`;

/** BullMQ on PostgreSQL: every queue and worker goes through the given pool, and none holds a connection. */
export async function openPostgresHome(pool: Pool, settings: HomeSettings): Promise<QueueHome> {
  await migrate(pool);
  const outage = new Outage(settings.log);
  // One backend for the home, and a sibling of it for every queue and worker. A backend each would listen on the
  // pool for ever, and one whose first look at the schema failed would never recover. Without a blocking connection:
  // a worker's LISTEN client would take a place in the pool for as long as it lives.
  const worker = workerSettings(settings);
  const root = createPostgresBackend(
    'home',
    { connection: pool, ...worker },
    { withBlockingConnection: false },
  );
  root.on('error', (error) => outage.away(error));
  await root.waitUntilReady();
  const sibling: BackendFactory = (name) => root.forQueue(name);

  return {
    kind: 'postgres',
    lockDurationMs: settings.lockDurationMs,
    callsAtOnce: 4,
    outage,
    queue: <Data>(name: string) =>
      new Queue(name, { connection: {}, ...queueSettings }, sibling) as HomeQueue<Data>,
    worker: <Data>(name: string) =>
      new Worker(name, null, { connection: {}, ...worker }, sibling) as HomeWorker<Data>,
    async ready(limitMs = 1_000) {
      try {
        await within(limitMs, 'The health probe', pool.query('SELECT 1'));
        outage.back();
        return true;
      } catch {
        return false;
      }
    },
    async close(limitMs = 2_000) {
      await within(limitMs, 'Closing the queue', root.close()).catch(() => undefined);
    },
  };
}

/** On one session of its own: BullMQ's migration is one transaction under an advisory lock, safe with many starters. */
async function migrate(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client);
    const { rows } = await client.query<{ name: string }>(HIDDEN_TABLES);
    if (rows.length > 0) {
      const names = rows.map((row) => row.name).join(', ');
      throw new Error(
        `BullMQ's tables are not found through this pool (${names}): give the pool options: '${POOL_OPTIONS}', ` +
          'and keep these names free in the schemas that stand before bullmq.',
      );
    }
  } finally {
    client.release();
  }
}
