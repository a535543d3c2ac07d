import { Client } from 'pg';
import { eventually } from '../../support/eventually';
import { startOwnPostgres, type OwnPostgres } from '../../support/own-postgres';
import { hasRedisServer, startOwnRedis, type OwnRedis } from '../../support/own-redis';
import { ownFolder, TixlineProcess } from '../../support/tixline-process';

const RECOVERY_LIMIT_MS = 20_000;

describe('a start', () => {
  let folder: ReturnType<typeof ownFolder>;
  let server: OwnPostgres;
  let redis: OwnRedis | undefined;
  let running: TixlineProcess | undefined;
  beforeAll(async () => {
    server = await startOwnPostgres();
    if (hasRedisServer()) redis = await startOwnRedis();
  }, 60_000);
  afterAll(async () => {
    await redis?.remove();
    await server?.remove();
  });
  beforeEach(() => (folder = ownFolder()));
  afterEach(async () => {
    await running?.end();
    folder.remove();
  });

  const asAdmin = async (text: string, database = 'postgres') => {
    const client = new Client({ connectionString: addressOf(database) });
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  };
  const addressOf = (database: string, user = 'postgres:postgres') => {
    const url = new URL(server.url);
    [url.username, url.password] = user.split(':') as [string, string];
    url.pathname = `/${database}`;
    return url.href;
  };

  describe.each(['Postgres', 'Redis'])('with the line on %s and the database away', (home) => {
    it('listens and tells everybody to come back, and goes on by itself once the database is there', async () => {
      if (home === 'Redis' && redis === undefined) return;
      const name = `away_${home.toLowerCase()}`;
      await asAdmin(`CREATE DATABASE ${name}`);
      await server.stop();
      const tixline = (running = await TixlineProcess.start(folder.path, {
        DATABASE_URL: addressOf(name),
        ...(home === 'Redis' && { REDIS_URL: redis!.url }),
      }));
      await eventually(async () => {
        const live = await fetch(`${tixline.url}/health/live`);
        expect([live.status, await live.json()]).toEqual([200, { status: 'ok' }]);
      }, RECOVERY_LIMIT_MS);
      for (const [method, path] of [
        ['GET', '/health/ready'],
        ['GET', '/api/events?q=secret'],
        ['POST', '/api/auth/login'],
        ['GET', '/'],
        ['GET', '/docs'],
      ] as const) {
        const answer = await fetch(`${tixline.url}${path}`, { method });
        const body = await answer.text();
        expect([path, answer.status]).toEqual([path, 503]);
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
        expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
        expect(JSON.parse(body)).toMatchObject({
          status: 503,
          code: 'unavailable',
          instance: path.split('?')[0],
        });
      }
      expect(tixline.err.match(/cannot be reached \(ECONNREFUSED\)\. Start it/g)).toHaveLength(1);

      await server.start();
      await eventually(
        async () => expect((await fetch(`${tixline.url}/health/ready`)).status).toBe(200),
        RECOVERY_LIMIT_MS,
      );
      const body = { email: 'demo@local.test', password: 'Passw0rd!' };
      const { access_token: token } = await tixline.call<{ access_token: string }>(
        'POST',
        '/api/auth/login',
        { body },
      );
      await tixline.call('POST', '/api/ticket-requests', {
        token,
        body: { event_id: 1, ticket_type: 'VIP', quantity: 1 },
      });
      await eventually(async () => {
        const { items } = await tixline.call<{ items: object[] }>('GET', '/api/orders', { token });
        expect(items).toHaveLength(1);
      });
      tixline.terminate();
      expect((await tixline.ended).code).toBe(0);
    }, 90_000);
  });

  describe('on a database that is there and cannot be used ends with one line of cause and cure', () => {
    beforeAll(async () => {
      await asAdmin(`CREATE ROLE guest LOGIN PASSWORD 'hunter2'`);
      await asAdmin(`CREATE DATABASE closed`);
      await asAdmin(`CREATE DATABASE no_schemas`);
      await asAdmin(`GRANT ALL ON SCHEMA public TO guest`, 'no_schemas');
      await asAdmin(`CREATE DATABASE taken`);
      await asAdmin(`CREATE TABLE users (somebody text)`, 'taken');
    });

    it.each([
      [
        'a wrong password',
        'closed',
        'guest:hunter2wrong',
        /refuses the user or the password of DATABASE_URL\. Put/,
      ],
      ['no such database', 'nowhere', 'guest:hunter2', /does not exist at 127\.0\.0\.1:\d+\. Create it/],
      [
        'no right to make tables',
        'closed',
        'guest:hunter2',
        /lacks a right: permission denied.* Make it the owner/,
      ],
      [
        "no right to make the queue's schema",
        'no_schemas',
        'guest:hunter2',
        /lacks a right: .* Make it the owner/,
      ],
      [
        'tables of somebody else',
        'taken',
        'postgres:postgres',
        /relation "users" already exists.* of its own/,
      ],
    ])('%s', async (_, database, user, line) => {
      const settings = { DATABASE_URL: addressOf(database, user) };
      running = await TixlineProcess.start(folder.path, settings);
      const { code, err } = await running.ended;
      expect(err.trim().split('\n')).toHaveLength(1);
      expect(err).toMatch(line);
      expect(err).not.toContain('hunter2');
      expect(code).toBe(1);
    });
  });
});
