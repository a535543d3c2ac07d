import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { tell } from './support/figures';
import { midSettlement } from './support/mid-settlement';
import { conclude, expectSound, openSale, type Sale } from './support/sale';
import { scale, thorough } from './support/scale';
import { Stage } from './support/stage';
import { mostMemory, untilReadiness, Watch } from './support/watch';

const RATE = 80;
const REQUESTS = scale(2_500, 400);
const ROUNDS = scale(5, 1);
const NOT_READY_LIMIT_MS = 2_000;
const READY_LIMIT_MS = 5_000;
const MEMORY_LIMIT_MB = 400;
const AT_ONCE = 500;
/** How long a connection is waited for. */
const POOL_LIMIT_MS = 2_000;
const STATEMENT_LIMIT_MS = 10_000;

describe('PostgreSQL goes away and comes back, and Tixline with it', () => {
  let stage: Stage | undefined;
  afterEach(() => stage?.close());

  it('kill -9 of all its processes, under load', async () => {
    stage = await Stage.open();
    const { postgres } = stage;
    const watch = new Watch(stage);
    const sale = await openSale(stage, REQUESTS);
    const notReady: number[] = [];
    const ready: number[] = [];
    const listening: number[] = [];
    const fault = async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        await delay(1_000 + Math.random() * 1_000);
        const killed = performance.now();
        await postgres.kill();
        await untilReadiness(stage!.apis, 503);
        notReady.push(Math.round(performance.now() - killed));
        await delay(500);
        await postgres.start();
        ready.push(await untilReadiness(stage!.apis, 200));
        listening.push(await untilAllListen(stage!));
      }
    };
    await sale.crowd.rush({ event: sale.event, rate: RATE, requests: REQUESTS, during: fault() });
    const memory = mostMemory(stage);
    const tried = {
      rounds: ROUNDS,
      'all APIs not ready after the kill, in ms': notReady,
      'all APIs ready after its return, in ms': ready,
      'and all listen again, in ms more': listening,
      'most memory of a process, in MB': memory,
    };
    expectSound(sale, await conclude(stage, sale, 'kill -9 of PostgreSQL', tried));
    await expectMoving(stage, sale);
    expectNoneHung(sale);
    expect(watch.ended).toEqual([]);
    expect(Math.max(...notReady)).toBeLessThan(NOT_READY_LIMIT_MS);
    expect(Math.max(...ready)).toBeLessThan(READY_LIMIT_MS);
    expect(memory).toBeLessThan(MEMORY_LIMIT_MB);
  });

  thorough('all connections cut, again and again, under load', async () => {
    stage = await Stage.open();
    const watch = new Watch(stage);
    const sale = await openSale(stage, REQUESTS);
    const cuts: number[] = [];
    const listening: number[] = [];
    const fault = async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        await delay(1_000 + Math.random() * 1_000);
        const cut = () =>
          stage!.sql<{ cut: number }>(
            `SELECT count(pg_terminate_backend(pid))::int AS cut FROM pg_stat_activity
              WHERE backend_type = 'client backend' AND application_name LIKE 'tixline%'`,
          );
        // Some of them in the middle of a transaction, which is when nobody listens to them but we.
        const [row] = await midSettlement(stage!, sale.event, cut);
        cuts.push(row!.cut);
        listening.push(await untilAllListen(stage!));
      }
    };
    await sale.crowd.rush({ event: sale.event, rate: RATE, requests: REQUESTS, during: fault() });
    const tried = { 'connections cut': cuts, 'all listen again after, in ms': listening };
    expectSound(sale, await conclude(stage, sale, 'all connections to PostgreSQL cut', tried));
    await expectMoving(stage, sale);
    expectNoneHung(sale);
    expect(Math.min(...cuts)).toBeGreaterThan(stage.members.length);
    expect(watch.ended).toEqual([]);
    expect(Math.max(...listening)).toBeLessThan(READY_LIMIT_MS);
  });

  thorough(
    'two connections in the pool, 500 requests at once: all are answered soon, and it is over when they are',
    async () => {
      stage = await Stage.open({ apis: 1, workers: 1, settings: { DATABASE_POOL: '2' } });
      const watch = new Watch(stage);
      const sale = await openSale(stage, REQUESTS);
      const [api] = stage.apis;
      const people = await stage.people(AT_ONCE);
      const look = async (token: string) => {
        const startedAt = performance.now();
        const { status, headers } = await fetch(`${api!.url}/api/ticket-requests`, {
          headers: { authorization: `Bearer ${token}` },
          signal: AbortSignal.timeout(30_000),
        });
        return {
          status,
          retryAfter: headers.get('retry-after'),
          ms: Math.round(performance.now() - startedAt),
        };
      };
      const all = () => Promise.all(people.map(({ token }) => look(token)));
      const free = await all();
      // Both connections wait for a row that somebody else holds: nobody gets one.
      const client = await stage.pool.connect();
      await client.query('BEGIN');
      await client.query('LOCK TABLE ticket_requests');
      const held = await all();
      // A limit of the client's own would answer too, and leave the statement and its connection where they are.
      const [late] = await stage.sql<{ statements: number }>(
        `SELECT count(*)::int AS statements FROM pg_stat_activity WHERE application_name LIKE 'tixline%'
            AND state = 'active' AND clock_timestamp() - query_start > make_interval(secs => $1)`,
        [STATEMENT_LIMIT_MS / 1_000 + 1],
      );
      await client.query('ROLLBACK');
      client.release();
      const over = performance.now();
      await eventually(async () => expect((await look(people[0]!.token)).status).toBe(200));
      const backMs = Math.round(performance.now() - over);
      await sale.crowd.rush({ event: sale.event, rate: AT_ONCE * 10, requests: AT_ONCE });
      const refused = held.filter(({ status }) => status !== 200);
      // The last two had the connections, and waited for the row: a statement has its own limit.
      const waits = held.map(({ ms }) => ms).toSorted((a, b) => a - b);
      const [slowest, statement] = [waits.at(-3)!, waits.at(-1)!];
      const clientMs = Math.max(...free.map(({ ms }) => ms));
      tell('two connections, 500 requests at once', {
        'answers with the connections free': statuses(free),
        'slowest of them, in ms': clientMs,
        'answers with the connections held': statuses(held),
        'slowest without a connection, in ms': slowest,
        'slowest with one, whose statement waits, in ms': statement,
        'answers again after, in ms': backMs,
      });
      expectSound(sale, await conclude(stage, sale, 'two connections, then a rush', {}));
      expectNoneHung(sale);
      expect(statuses(free)).toEqual({ 200: AT_ONCE });
      expect(statuses(refused)).toEqual({ 503: AT_ONCE });
      expect(refused.filter(({ retryAfter }) => retryAfter === null)).toEqual([]);
      // Five hundred at once also take their time where nobody waits: that is no wait for a connection.
      expect(slowest).toBeLessThan(POOL_LIMIT_MS + clientMs);
      expect(late!.statements).toBe(0);
      expect(statement).toBeLessThan(STATEMENT_LIMIT_MS + clientMs);
      expect(backMs).toBeLessThan(1_000);
      expect(watch.ended).toEqual([]);
    },
  );

  thorough('away at start: all wait for it, one migrates, and they are ready by themselves', async () => {
    stage = await Stage.open({ apis: 0, workers: 0 });
    await stage.postgres.stop();
    const apis = [await stage.plan('api'), await stage.plan('api')];
    const starting = Promise.all([...apis, await stage.plan('worker')].map((member) => member.start()));
    starting.catch(() => undefined);
    await untilReadiness(apis, 503);
    const live = await Promise.all(apis.map(({ url }) => fetch(`${url}/health/live`)));
    const asked = await Promise.all(apis.map(({ url }) => fetch(`${url}/api/events`)));
    await delay(2_000);
    await stage.postgres.start();
    const [ready] = await Promise.all([untilReadiness(apis, 200), heldUntilAllMigrate(stage)]);
    // Rejects when a process has ended.
    await starting;
    const migrations = await stage.sql<{ name: string }>('SELECT name FROM migrations');
    tell('PostgreSQL away at start, an empty database', {
      'ready after it appeared, in ms': ready,
      'migrations done, and names of them': [
        migrations.length,
        new Set(migrations.map(({ name }) => name)).size,
      ],
    });
    expect(live.map(({ status }) => status)).toEqual([200, 200]);
    expect(asked.map(({ status }) => status)).toEqual([503, 503]);
    for (const { headers } of asked) expect(headers.get('retry-after')).not.toBeNull();
    expect(ready).toBeLessThan(READY_LIMIT_MS);
    expect(new Set(migrations.map(({ name }) => name)).size).toBe(migrations.length);
    const sale = await openSale(stage, 200);
    await sale.crowd.rush({ event: sale.event, rate: 50, requests: 200 });
    expectSound(sale, await conclude(stage, sale, 'PostgreSQL away at start, then a rush', {}));
  });
});

/** Keeps the schema from being begun until every process is there to begin it: otherwise one is done before the next looks. */
async function heldUntilAllMigrate({ pool, members }: Stage): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('CREATE TABLE migrations (id serial)');
    await eventually(async () => {
      const { rows } = await pool.query<{ waiting: number }>(
        `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock'`,
      );
      expect(rows[0]!.waiting).toBe(members.length);
    }, 20_000);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

/** Milliseconds until every process has its connection that listens. */
async function untilAllListen(stage: Stage): Promise<number> {
  const startedAt = performance.now();
  await eventually(
    async () => {
      const [row] = await stage.sql<{ listeners: number }>(
        `SELECT count(*)::int AS listeners FROM pg_stat_activity
          WHERE application_name = 'tixline-board' AND query = 'LISTEN line'`,
      );
      if (row!.listeners < stage.members.length) throw new Error(`${row!.listeners} listen`);
    },
    30_000,
    50,
  );
  return Math.round(performance.now() - startedAt);
}

/** Somebody who asks now gets an outcome, and hears of it from every API. */
async function expectMoving(stage: Stage, { event }: Sale): Promise<void> {
  const [buyer] = await stage.people(1);
  const { token } = buyer!;
  const { request_id } = await stage.apis[0]!.process.call<{ request_id: string }>(
    'POST',
    '/api/ticket-requests',
    {
      token,
      body: { event_id: event, ticket_type: 'Regular' },
    },
  );
  for (const { process } of stage.apis)
    await eventually(async () => {
      const { status } = await process.call('GET', `/api/ticket-requests/${request_id}`, { token });
      expect(status).not.toBe('queued');
    });
}

function statuses(answers: readonly { status: number }[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Every request was answered, or refused a connection, within the time that a client waits. */
function expectNoneHung({ crowd }: Sale): void {
  expect(Object.keys(crowd.tally.noAnswer).filter((what) => what.startsWith('ETIMEDOUT'))).toEqual([]);
}
