import { randomUUID } from 'node:crypto';
import { Cluster, type Redis } from 'ioredis';
import { Pool } from 'pg';
import { POOL_OPTIONS } from '../../../src/platform/database';
import type { QueueStore } from '../../../src/platform/queue';
import { connectRedis, parseRedisUrl } from '../../../src/platform/queue/redis-client';
import { startOwnPostgres } from '../../support/own-postgres';
import { hasRedisServer, startOwnRedis, type OwnRedis } from '../../support/own-redis';
import { startOwnRedisCluster } from '../../support/own-redis-cluster';

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

async function redis(): Promise<OwnStore> {
  return ownRedisAt(await startOwnRedis());
}

async function redisCluster(): Promise<OwnStore> {
  return ownRedisAt(await startOwnRedisCluster());
}

function ownRedisAt(server: OwnRedis): OwnStore {
  const { url, stop, start, remove } = server;
  const wipe = () => onEachNode(url, async (node) => void (await node.flushall()));
  return { ...redisAt(url, 'test'), wipe: async () => void (await wipe()), stop, start, remove };
}

/** Somebody else's server: only keys under the suite's own prefix are touched, and it is never stopped. */
function foreignRedis(redisUrl: string): Promise<OwnStore> {
  return Promise.resolve(redisAt(redisUrl, `test-${randomUUID().slice(0, 8)}`));
}

function redisAt(redisUrl: string, prefix: string): OwnStore {
  const removeKeys = async () => {
    await onEachNode(redisUrl, async (node) => {
      const keys = await node.keys(`${prefix}:*`);
      await Promise.all(keys.map((key) => node.del(key)));
    });
  };
  return {
    join: () => ({ store: { redisUrl, prefix }, leave: () => Promise.resolve() }),
    async connections() {
      const ofNode = (node: Redis) =>
        node.client('LIST').then((list) => String(list).split(` name=${prefix}-`));
      // Each process has its connections to every node; what is bounded is how many a node has.
      return Math.max(...(await onEachNode(redisUrl, ofNode)).map((parts) => parts.length - 1));
    },
    wipe: removeKeys,
    remove: removeKeys,
  };
}

/** Asks each primary of a cluster, or the one server there is. */
async function onEachNode<T>(redisUrl: string, question: (node: Redis) => Promise<T>): Promise<T[]> {
  const client = connectRedis(parseRedisUrl(redisUrl), 'work', 'watcher');
  try {
    await client.ping();
    return await Promise.all((client instanceof Cluster ? client.nodes('master') : [client]).map(question));
  } finally {
    client.disconnect();
  }
}

/** The stores that this machine can run the suite on; a missing one is told, not passed over in silence. */
export function ownStores(): [name: string, open: () => Promise<OwnStore>][] {
  const given = process.env.TEST_REDIS_URL;
  if (given !== undefined) return [[storeName(given), () => foreignRedis(given)]];
  const stores: [string, () => Promise<OwnStore>][] = [['PostgreSQL', postgres]];
  if (hasRedisServer()) {
    stores.push(['Redis', redis], ['Redis Cluster', redisCluster]);
  } else {
    process.stderr.write(
      'The Redis half is skipped: no program redis-server (Debian: apt-get install redis-server), no TEST_REDIS_URL\n',
    );
  }
  return stores;
}

function storeName(redisUrl: string): string {
  const { cluster } = parseRedisUrl(redisUrl);
  return `the ${cluster ? 'Redis Cluster' : 'Redis'} of TEST_REDIS_URL`;
}
