import { Pool } from 'pg';
import { Redis } from 'ioredis';
import { POOL_OPTIONS } from '../../../src/platform/database';
import { createQueueHome, EventLines, type QueueHome } from '../../../src/platform/queue';
import { parseRedisUrl } from '../../../src/platform/queue/redis-client';
import { VIP } from '../../../src/shared/tier';
import { endsWithin } from '../../support/ends-within';
import { eventually } from '../../support/eventually';
import { startOwnPostgres } from '../../support/own-postgres';
import { hasRedisServer, startOwnRedis, type OwnRedis } from '../../support/own-redis';

const permit = { eventId: 1, tier: VIP, from: 1, to: 1, requests: 1 } as const;
const all = { maxRequests: 100, maxJobs: 100, token: 'worker' };

describe('REDIS_URL', () => {
  it('names one server, a list of cluster nodes, or the endpoint of a cluster', () => {
    const kind = (url: string) => [parseRedisUrl(url).cluster, parseRedisUrl(url).urls.length];
    expect(kind('redis://:secret@a:6379/2')).toEqual([false, 1]);
    expect(kind('redis://a:6379,redis://b:6379')).toEqual([true, 2]);
    expect(kind('rediss://a:6379?cluster=true')).toEqual([true, 1]);
  });

  it('is refused in words that do not repeat it', () => {
    for (const url of ['secret', 'http://user:secret@a', 'redis://a,secret']) {
      expect(() => parseRedisUrl(url)).toThrow(/^REDIS_URL(?!.*secret)/);
    }
  });
});

describe('PostgreSQL that BullMQ shares with the program', () => {
  it('is refused with the cure when the pool does not find the tables of BullMQ, and works beside a table named event', async () => {
    const server = await startOwnPostgres();
    const blind = new Pool({ connectionString: server.url, max: 2 });
    const pool = new Pool({ connectionString: server.url, max: 2, options: POOL_OPTIONS });
    // The server may stop before the last connection has said goodbye.
    for (const each of [blind, pool]) each.on('error', () => undefined);
    try {
      const log = () => undefined;
      await expect(createQueueHome({ pool: blind }, { log })).rejects.toThrow(POOL_OPTIONS);
      await pool.query('CREATE TABLE public.event (id int)');
      const home = await createQueueHome({ pool }, { log });
      const lines = new EventLines(home, { idleMs: 20 });
      await lines.offer(permit);
      const claimed = await lines.claim(1, all);
      expect(await lines.complete(claimed)).toBe(1);
      await lines.close();
      await home.close();
      expect((await pool.query('SELECT * FROM public.event')).rowCount).toBe(0);

      await pool.query('CREATE TABLE public.job (id int)');
      await expect(createQueueHome({ pool }, { log })).rejects.toThrow('(job)');
    } finally {
      await Promise.all([blind.end(), pool.end()]);
      await server.remove();
    }
  });
});

if (!hasRedisServer()) process.stderr.write('The faults of Redis are skipped: no program redis-server\n');
(hasRedisServer() ? describe : describe.skip)('Redis in trouble', () => {
  let server: OwnRedis;
  let home: QueueHome;
  let lines: EventLines;
  const logged: string[] = [];

  async function openAt(redisUrl: string): Promise<void> {
    logged.length = 0;
    home = await createQueueHome(
      { redisUrl, prefix: 'tixline' },
      { log: (level, message) => logged.push(`${level}: ${message}`) },
    );
    lines = new EventLines(home);
  }
  afterEach(async () => {
    await lines.close();
    await home.close();
    await server.remove();
  });

  it('is told off once when it may evict keys', async () => {
    server = await startOwnRedis({ flags: ['--maxmemory-policy', 'allkeys-lru'] });
    await openAt(server.url);
    await eventually(() =>
      expect(logged).toEqual([expect.stringMatching(/^warn: .*allkeys-lru.*noeviction/)]),
    );
  });

  it('may come up after the program', async () => {
    server = await startOwnRedis();
    await server.stop();
    await openAt(server.url);
    await expect(lines.offer(permit)).rejects.toThrow();
    const waiting = lines.claim(1, all);
    expect(await home.ready()).toBe(false);
    await server.start();
    await eventually(() => lines.offer(permit));
    const claimed = [...(await waiting), ...(await lines.claim(1, all))];
    expect(await lines.complete(claimed)).toBe(1);
    expect(logged.map((line) => line.slice(0, 4))).toEqual(['erro', 'info']);
  });

  it('may hang without anybody hanging with it', async () => {
    server = await startOwnRedis();
    await openAt(server.url);
    await lines.offer(permit);
    const client = new Redis(server.url);
    await client.call('CLIENT', 'PAUSE', '20000');
    client.disconnect();
    expect(await endsWithin(1_200, lines.offer(permit))).toBe(true);
    expect(await endsWithin(1_200, home.ready())).toBe(true);
    expect(await endsWithin(200, lines.close())).toBe(true);
    expect(await endsWithin(700, home.close(500))).toBe(true);
  });
});
