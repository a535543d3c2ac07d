import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { eventually } from '../../support/eventually';
import { hasRedisServer, startOwnRedis } from '../../support/own-redis';
import { ownDatabase } from '../../support/test-database';
import { ownFolder, processesOf, TixlineProcess } from '../../support/tixline-process';

const STOP_LIMIT_MS = 15_000;
const DEMO = { email: 'demo@local.test', password: 'Passw0rd!' };

describe('stopping', () => {
  let folder: ReturnType<typeof ownFolder>;
  let running: TixlineProcess[] = [];
  beforeEach(() => (folder = ownFolder()));
  afterEach(async () => {
    for (const tixline of running) await tixline.end();
    running = [];
    await nothingLeft();
    folder.remove();
  });

  const start = async (settings?: Record<string, string>) => {
    const tixline = await TixlineProcess.ready(folder.path, settings);
    running.push(tixline);
    return tixline;
  };

  /** The embedded server gives the next start a second to find it up. */
  const nothingLeft = () =>
    eventually(() => {
      const left = processesOf(folder.path);
      if (left.length > 0) throw new Error(`still there: ${left.join('\n')}`);
    }, STOP_LIMIT_MS);

  const signIn = async (tixline: TixlineProcess) =>
    (await tixline.call<{ access_token: string }>('POST', '/api/auth/login', { body: DEMO })).access_token;

  const ordersOf = async (tixline: TixlineProcess) => {
    const { items } = await tixline.call<{ items: { id: string }[] }>('GET', '/api/orders', {
      token: await signIn(tixline),
    });
    return items.map(({ id }) => id);
  };

  it('Ctrl-C, and SIGTERM: exit 0 in time, no process left, and the next start finds its data', async () => {
    const first = await start();
    const token = await signIn(first);
    const body = { event_id: 1, ticket_type: 'VIP', quantity: 2 };
    const asked = await first.call<{ request_id: string }>('POST', '/api/ticket-requests', { token, body });
    // Somebody who watches their place must not keep the server from stopping.
    const watching = await fetch(`${first.url}/api/ticket-requests/${asked.request_id}/events`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await eventually(async () => expect(await ordersOf(first)).toEqual([asked.request_id]));

    await stopsWith(first, () => first.ctrlC());
    await watching.body?.cancel();
    await nothingLeft();

    const second = await start();
    expect(await ordersOf(second)).toEqual([asked.request_id]);
    await stopsWith(second, () => second.terminate());
    await nothingLeft();
  }, 90_000);

  (hasRedisServer() ? it : it.skip)(
    'with its line away in a Redis that is down: exit 0 in time',
    async () => {
      const redis = await startOwnRedis();
      const tixline = await start({ REDIS_URL: redis.url, LOG_LEVEL: 'silent' });
      const token = await signIn(tixline);
      await redis.stop();
      // Somebody waits, so the next tick asks Redis for a permit and hears nothing.
      const body = { event_id: 1, ticket_type: 'VIP', quantity: 1 };
      await tixline.call('POST', '/api/ticket-requests', { token, body });
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      await stopsWith(tixline, () => tixline.terminate());
      await redis.remove();
    },
    60_000,
  );

  it('a second Ctrl-C ends at once what would take longer', async () => {
    const database = await ownDatabase();
    const blocker = new Client({ connectionString: database.url });
    await blocker.connect();
    try {
      const tixline = await start({ DATABASE_URL: database.url });
      // The tick waits for this lock, and the stop for the tick.
      await blocker.query('BEGIN; LOCK TABLE lines');
      await tickWaits(blocker);
      tixline.ctrlC();
      await eventually(() => expect(tixline.out).toContain('finishing what is under way'));
      const askedAt = Date.now();
      tixline.ctrlC();
      const { code, err } = await tixline.ended;
      expect(Date.now() - askedAt).toBeLessThan(1_000);
      expect(err).toContain('Stopping at once.');
      expect(code).toBe(1);
    } finally {
      await blocker.end();
      await database.drop();
    }
  }, 60_000);

  it('a balancer is told at once, while what is under way is finished', async () => {
    const database = await ownDatabase();
    const blocker = new Client({ connectionString: database.url });
    await blocker.connect();
    try {
      const tixline = await start({ DATABASE_URL: database.url });
      await blocker.query('BEGIN; LOCK TABLE lines');
      await tickWaits(blocker);
      await stopsWith(tixline, async () => {
        tixline.terminate();
        await eventually(() => expect(tixline.out).toContain('finishing what is under way'));
        const ready = await fetch(`${tixline.url}/health/ready`);
        expect(ready.status).toBe(503);
        expect(Number(ready.headers.get('retry-after'))).toBeGreaterThan(0);
        expect(ready.headers.get('content-type')).toContain('application/problem+json');
        expect((await fetch(`${tixline.url}/health/live`)).status).toBe(200);
        await blocker.query('ROLLBACK');
      });
    } finally {
      await blocker.end();
      await database.drop();
    }
  }, 60_000);

  it('Ctrl-C before it is ready: gone, with nothing left behind', async () => {
    const tixline = await TixlineProcess.start(folder.path);
    running.push(tixline);
    await eventually(() => expect(processesOf(folder.path)).not.toEqual([]), STOP_LIMIT_MS);
    tixline.ctrlC();
    const { err } = await tixline.ended;
    expect(err).toBe('');
    await nothingLeft();
  }, 60_000);
});

/** Resolves once a tick waits for the lock that `blocker` holds: two wait in the end, the tick and the sweeper. */
async function tickWaits(blocker: Client): Promise<void> {
  await eventually(async () => {
    // Within a transaction the first look would be shown again and again.
    await blocker.query(`SELECT pg_stat_clear_snapshot()`);
    const { rows } = await blocker.query(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
    expect(rows.length).toBeGreaterThan(1);
  }, 10_000);
  // One of the two may have been somebody else; two ticks later it is the tick.
  await delay(1_000);
}

async function stopsWith(tixline: TixlineProcess, signal: () => void | Promise<void>): Promise<void> {
  const askedAt = Date.now();
  await signal();
  const { code, err } = await tixline.ended;
  expect(err).toBe('');
  expect(code).toBe(0);
  expect(Date.now() - askedAt).toBeLessThan(STOP_LIMIT_MS);
}
