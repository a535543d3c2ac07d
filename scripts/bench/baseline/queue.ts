/** BullMQ on Redis, or on Postgres where there is no Redis. */
import {
  createPostgresBackend,
  Queue,
  runMigrations,
  setDefaultBackendFactory,
  Worker,
  type ConnectionOptions,
  type Processor,
} from 'bullmq';
import { Pool } from 'pg';
import type { TicketJob } from './tickets.dto';

const NAME = 'tickets';
const CONCURRENCY = 50;

/** To be called before the first queue is made. */
export async function prepareQueues(): Promise<void> {
  if (onRedis()) return;
  setDefaultBackendFactory(createPostgresBackend);
  const pool = new Pool({ connectionString: process.env.DATABASE_URL });
  await runMigrations(pool);
  await pool.end();
}

export function openQueue(): Queue<TicketJob> {
  return new Queue<TicketJob>(NAME, { connection: connection() });
}

export function openWorker(work: Processor<TicketJob>): Worker<TicketJob> {
  return new Worker<TicketJob>(NAME, work, { connection: connection(), concurrency: CONCURRENCY });
}

function onRedis(): boolean {
  return (process.env.REDIS_URL ?? '') !== '';
}

function connection(): ConnectionOptions {
  if (onRedis()) {
    const { hostname, port } = new URL(process.env.REDIS_URL!);
    return { host: hostname, port: Number(port), maxRetriesPerRequest: null };
  }
  const pool = new Pool({
    connectionString: process.env.DATABASE_URL,
    options: '-c search_path=public,bullmq',
  });
  return pool;
}
