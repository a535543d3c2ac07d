import type { IQueueBackend, Queue, Worker } from 'bullmq';
import type { Pool } from 'pg';
import type { Outage, QueueLog } from './outage';
import { openPostgresHome } from './postgres-home';
import { openRedisHome } from './redis-home';

/** A queue of either home. All queues of a home share its connections. */
export type HomeQueue<Data = unknown> = Queue<Data, unknown, string, Data, unknown, string, IQueueBackend>;

/** A worker of either home from which jobs are fetched by hand (`getNextJob`); it never runs by itself. */
export type HomeWorker<Data = unknown> = Worker<Data, unknown, string, IQueueBackend>;

/** The place where BullMQ keeps its queues. The same face whether that is PostgreSQL or Redis. */
export interface QueueHome {
  readonly kind: 'postgres' | 'redis';
  readonly lockDurationMs: number;
  /** How many calls are worth having under way at once. More gains nothing, and on Postgres takes the pool from others. */
  readonly callsAtOnce: number;
  readonly outage: Outage;
  /** Makes a queue object. It opens no connection and need not be closed. */
  queue<Data>(name: string): HomeQueue<Data>;
  /** Makes a worker object to fetch from by hand. It opens no connection; close it to end its stalled check. */
  worker<Data>(name: string): HomeWorker<Data>;
  /** Whether the store answers, told after `limitMs` (1,000) at the latest. Never rejects. */
  ready(limitMs?: number): Promise<boolean>;
  /** Lets go of the home's own connections, by force after `limitMs` (2,000). A given pool stays open. Never rejects. */
  close(limitMs?: number): Promise<void>;
}

export interface QueueHomeOptions {
  readonly log: QueueLog;
  /** A job's lock lasts so long unless it is extended. 10 s: a tick takes well under one. */
  readonly lockDurationMs?: number;
  /** How often the locks of a line are looked at: what a dead worker held is back after about the sum of the two. */
  readonly stalledIntervalMs?: number;
}

export type QueueStore =
  | { readonly pool: Pool }
  /** `prefix` stands before every key: two installations on one Redis need two. */
  | { readonly redisUrl: string; readonly prefix: string };

/**
 * Opens the home of all queues.
 * Postgres: creates or updates BullMQ's schema first and rejects when the database cannot be reached or a name of
 * BullMQ's is not found through the pool's `search_path` (see `POOL_OPTIONS`).
 * Redis: answers when connected, or without that at the first failure or after two seconds; the clients connect by
 * themselves when it appears. Rejects only on a malformed URL.
 */
export async function createQueueHome(store: QueueStore, options: QueueHomeOptions): Promise<QueueHome> {
  const settings = { lockDurationMs: 10_000, stalledIntervalMs: 5_000, ...options };
  return 'pool' in store
    ? openPostgresHome(store.pool, settings)
    : openRedisHome(store.redisUrl, store.prefix, settings);
}
