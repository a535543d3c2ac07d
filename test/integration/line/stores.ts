import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { POOL_OPTIONS } from '../../../src/platform/database';
import type { QueueStore } from '../../../src/platform/queue';
import { startOwnPostgres } from '../../support/own-postgres';
import { hasRedisServer, startOwnRedis } from '../../support/own-redis';

/** A store to run the conformance suite on. */
export interface OwnStore {
  /** What one process is given to reach the store. Closed by `leave`. */
  join(): { store: QueueStore; leave(): Promise<void> };
  /** Connections of the program that the server sees now. */
  connections(): Promise<number>;
  /** Loses everything that the suite has in the store; FLUSHALL on a Redis of its own. */
  wipe(): Promise<void>;
  /** Missing when the server is not the suite's own. */
  readonly stop?: () => Promise<void>;
  readonly start?: () => Promise<void>;
  remove(): Promise<void>;
}

export const POOL_SIZE = 8;

async function postgres(): Promise<OwnStore> {
  const server = await startOwnPostgres();
  const watcher = new Pool({ connectionString: server.url, max: 1, application_name: 'watcher' });
  watcher.on('error', () => undefined);
  return {
    join() {
      const pool = new Pool({ connectionString: server.url, max: POOL_SIZE, options: POOL_OPTIONS });
      return { store: { pool }, leave: () => pool.end() };
    },
    async connections() {
      const { rows } = await watcher.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity
          WHERE backend_type = 'client backend' AND application_name <> 'watcher'`,
      );
      return rows[0]?.n ?? 0;
    },
    async wipe() {
      await watcher.query('TRUNCATE bullmq.job, bullmq.meta, bullmq.event CASCADE');
    },
    stop: () => server.stop(),
    start: () => server.start(),
    async remove() {
      await watcher.end();
      await server.remove();
    },
  };
}

async function redis(cluster: boolean): Promise<OwnStore> {
  const server = await startOwnRedis({ cluster });
  return {
    ...redisAt(server.url, 'test'),
    wipe: () => ask(server.url, async (client) => void (await client.flushall())),
    stop: server.stop,
    start: server.start,
    remove: server.remove,
  };
}

/** Somebody else's server: only keys under the suite's own prefix are touched, and it is never stopped. */
function foreignRedis(redisUrl: string): Promise<OwnStore> {
  return Promise.resolve(redisAt(redisUrl, `test-${randomUUID().slice(0, 8)}`));
}

function redisAt(redisUrl: string, prefix: string): OwnStore {
  const removeKeys = () =>
    ask(redisUrl, async (client) => {
      const keys = await client.keys(`${prefix}:*`);
      await Promise.all(keys.map((key) => client.del(key)));
    });
  return {
    join: () => ({ store: { redisUrl, prefix }, leave: () => Promise.resolve() }),
    connections: () =>
      ask(
        redisUrl,
        async (client) => String(await client.client('LIST')).split(` name=${prefix}-`).length - 1,
      ),
    wipe: removeKeys,
    remove: removeKeys,
  };
}

async function ask<T>(redisUrl: string, question: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(redisUrl.replace(/\?.*/, ''));
  try {
    return await question(client);
  } finally {
    client.disconnect();
  }
}

/** The stores that this machine can run the suite on; a missing one is told, not passed over in silence. */
export function ownStores(): [name: string, open: () => Promise<OwnStore>][] {
  const stores: [string, () => Promise<OwnStore>][] = [['PostgreSQL', postgres]];
  const given = process.env['REDIS_URL'];
  if (hasRedisServer()) {
    stores.push(['Redis', () => redis(false)], ['Redis Cluster', () => redis(true)]);
  } else if (given) {
    stores.push(['Redis', () => foreignRedis(given)]);
  } else {
    process.stderr.write(
      'The Redis half is skipped: no program redis-server (Debian: apt-get install redis-server), no REDIS_URL\n',
    );
  }
  return stores;
}
