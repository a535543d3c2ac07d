/** BullMQ on Redis, or on Postgres where there is no Redis. */
import { createPostgresBackend, Queue, Worker, type ConnectionOptions, type Job } from 'bullmq';
import { Pool } from 'pg';
import type { TicketJob } from './tickets.dto';

const NAME = 'tickets';
const CONCURRENCY = 50;

export function openQueue(): Queue<TicketJob> {
  const { connection, backend } = home();
  return new Queue<TicketJob>(NAME, { connection }, backend);
}

export function openWorker(work: (job: Job<TicketJob>) => Promise<unknown>): Worker<TicketJob> {
  const { connection, backend } = home();
  return new Worker<TicketJob>(NAME, work, { connection, concurrency: CONCURRENCY }, backend);
}

function home() {
  const redis = process.env.REDIS_URL;
  if (redis !== undefined && redis !== '') {
    const { hostname, port } = new URL(redis);
    const connection: ConnectionOptions = {
      host: hostname,
      port: Number(port || 6379),
      maxRetriesPerRequest: null,
    };
    return { connection, backend: undefined };
  }
  const pool = new Pool({
    connectionString: process.env.DATABASE_URL,
    options: '-c search_path=public,bullmq',
  });
  return { connection: pool as unknown as ConnectionOptions, backend: createPostgresBackend };
}
