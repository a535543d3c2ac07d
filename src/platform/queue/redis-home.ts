import { once } from 'node:events';
import { createRedisBackend, Queue, Worker, type BackendFactory, type RedisQueueBackend } from 'bullmq';
import { Cluster } from 'ioredis';
import { queueSettings, workerSettings, type HomeSettings } from './home-settings';
import { Outage, type QueueLog } from './outage';
import type { HomeQueue, HomeWorker, QueueHome } from './queue-home';
import { connectRedis, parseRedisUrl, type RedisClient } from './redis-client';
import { within } from './within';

// Without a look at the server first: BullMQ's would wait for it, and one that failed would be remembered for ever.
const unprobed = { skipVersionCheck: true, skipWaitingForReady: true };

/** How long the home waits for Redis before it opens without it. */
const FIRST_CONNECTION_MS = 2_000;

/** BullMQ on Redis, Valkey, Dragonfly or a Redis Cluster: two connections for everything, to offer and to work. */
export async function openRedisHome(
  redisUrl: string,
  prefix: string,
  settings: HomeSettings,
): Promise<QueueHome> {
  const target = parseRedisUrl(redisUrl);
  const outage = new Outage(settings.log);
  const offers = connectRedis(target, 'offers', `${prefix}-offers`);
  const work = connectRedis(target, 'work', `${prefix}-work`);
  const clients = [offers, work];
  for (const client of clients) {
    client.on('error', (error: Error) => outage.away(error));
    client.on('ready', () => {
      if (clients.every((each) => each.status === 'ready')) outage.back();
    });
  }
  offers.on('ready', () => void warnOfEviction(offers, settings.log));

  const worker = workerSettings(settings);
  const offering = createRedisBackend('home', { connection: offers, ...unprobed });
  const working = createRedisBackend('home', { connection: work, ...worker, ...unprobed });
  for (const backend of [offering, working]) backend.on('error', (error) => outage.away(error));
  // The braces make all keys of a queue one slot of a cluster, which BullMQ's scripts need.
  const siblingOf =
    (root: RedisQueueBackend): BackendFactory =>
    (name) =>
      root.forQueue(name, `${prefix}:{${name}}`);
  await within(
    FIRST_CONNECTION_MS,
    'Connecting to Redis',
    Promise.all(clients.map((client) => once(client, 'ready'))),
  ).catch((error: unknown) => outage.away(error));

  return {
    kind: 'redis',
    lockDurationMs: settings.lockDurationMs,
    callsAtOnce: 16,
    outage,
    queue: <Data>(name: string) =>
      new Queue(name, { connection: {}, ...queueSettings }, siblingOf(offering)) as HomeQueue<Data>,
    worker: <Data>(name: string) =>
      new Worker(name, null, { connection: {}, ...worker }, siblingOf(working)) as HomeWorker<Data>,
    async ready(limitMs = 1_000) {
      const pong = within(limitMs, 'The health probe', offers.ping());
      return pong.then(
        () => true,
        () => false,
      );
    },
    async close(limitMs = 2_000) {
      await Promise.all(clients.map((client) => leave(client, limitMs)));
    },
  };
}

async function leave(client: RedisClient, limitMs: number): Promise<void> {
  // QUIT lets replies that are under way arrive; a client that is not connected would only queue it.
  if (client.status === 'ready') await within(limitMs, 'QUIT', client.quit()).catch(() => undefined);
  client.disconnect();
}

/** A Redis that may throw keys away when it is full throws away the line. Asked again at every connection. */
async function warnOfEviction(client: RedisClient, log: QueueLog): Promise<void> {
  const nodes = client instanceof Cluster ? client.nodes('master') : [client];
  for (const node of nodes) {
    // INFO and not CONFIG GET, which hosted services forbid.
    const info = await node.info('memory').catch(() => '');
    const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
    if (policy !== undefined && policy !== 'noeviction') {
      log(
        'warn',
        `Redis evicts keys when it is full (maxmemory-policy ${policy}); the line needs noeviction`,
      );
    }
  }
}
