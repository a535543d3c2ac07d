import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { LightMyRequestResponse } from 'fastify';
import { eventually } from '../support/eventually';
import type { Order } from '../support/orders';
import { hasRedisServer, startOwnRedis, type OwnRedis } from '../support/own-redis';
import { stopAll } from '../support/several';
import { Tixline, type Person } from '../support/tixline';

const PASSWORD = 'kanarie-Pw-7f3e91c2';
const NAME = 'Kanarienvogel Zwölf';
const EMAIL = 'kanarie7f3e91c2@vogels.example.org';

/** A whole sale by somebody whose every secret is known; then all that is left of it is searched for them. */
describe('after a sale, what nobody else should know', () => {
  let redis: OwnRedis | undefined;
  let onPostgres: Tixline;
  let onRedis: Tixline;
  let staff: Person;
  const secrets: Record<string, string> = { password: PASSWORD };
  const refused: LightMyRequestResponse[] = [];

  beforeAll(async () => {
    if (hasRedisServer()) redis = await startOwnRedis();
    onPostgres = await Tixline.start({ env: { LOG_LEVEL: 'trace', REDIS_URL: '' } });
    onRedis = await Tixline.start({
      databaseUrl: onPostgres.config.databaseUrl!,
      env: { LOG_LEVEL: 'trace', ...(redis && { REDIS_URL: redis.url }) },
    });
    staff = await onPostgres.person('staff');
    await onPostgres.post('/api/auth/register', { body: { name: NAME, email: EMAIL, password: PASSWORD } });
    await sell(onPostgres, 'postgres');
    await sell(onRedis, 'redis');
    for (const tixline of [onPostgres, onRedis]) await tixline.ledger.catchUp();
  }, 60_000);
  afterAll(async () => {
    await stopAll([onPostgres, onRedis]);
    await redis?.remove();
  });

  /** Signs in, asks, leaves, buys, shows, enters, gives back, and is refused in every way that quotes something. */
  const sell = async (tixline: Tixline, where: string) => {
    const credentials = { email: EMAIL, password: PASSWORD };
    const { cookies, ...login } = await tixline.post('/api/auth/login', { body: credentials });
    const { access_token, user } = login.json<{ access_token: string; user: Person }>();
    const as = { ...user, token: access_token };
    const keep = (what: string, secret: string) => (secrets[`${what}, ${where}`] = secret);
    keep('access token', access_token);
    keep('refresh token', cookies[0]!.value);
    const headers = { cookie: `tixline_refresh=${cookies[0]!.value}` };
    const next = await tixline.post('/api/auth/refresh', { headers });
    keep('next refresh token', next.cookies[0]!.value);
    const eventId = await tixline.event({ vip: 2, regular: 4 });
    for (const type of ['VIP', 'Regular', 'Regular'] as const) await tixline.ask(as, eventId, type);
    const left = (await tixline.ask(as, eventId)).json<{ request_id: string }>().request_id;
    await tixline.delete(`/api/ticket-requests/${left}`, { as });
    await tixline.settleAll();
    const { items } = (await tixline.get('/api/orders', { as })).json<{ items: Order[] }>();
    const orders = items.filter((order) => order.status !== 'cancelled').slice(0, 3);
    orders.forEach((order, i) => keep(`QR ${i}`, order.tickets[0]!.qr_token));
    const qr = orders[0]!.tickets[0]!.qr_token;
    await tixline.get(`/api/tickets/verify/${qr}`, { as: staff });
    await tixline.post(`/api/tickets/checkin/${qr}`, { as: staff });
    await tixline.post(`/api/orders/${orders[1]!.id}/cancel`, { as });
    refused.push(
      await tixline.post('/api/auth/login', { body: { ...credentials, password: `${PASSWORD}x` } }),
      await tixline.post('/api/auth/register', { body: { name: NAME, ...credentials } }),
      await tixline.post('/api/auth/register', {
        body: { name: NAME, email: EMAIL, password: PASSWORD, telephone: EMAIL },
      }),
      await tixline.post('/api/auth/refresh', { headers }),
      await tixline.get(`/api/tickets/verify/${qr}`, { as }),
      await tixline.get(`/api/tickets/nothing/${qr}?token=${qr}`),
      await tixline.get(`/api/queue/position?request_id=${access_token}`, { as }),
      await tixline.post(`/api/tickets/checkin/${qr}`, { as }),
    );
    await breakWith(tixline, as, eventId, `row (${EMAIL}, Bearer ${access_token}, ${qr}) is not possible`);
  };

  /** A defect whose error quotes what it was about, as PostgreSQL's do. */
  const breakWith = async (tixline: Tixline, as: Person, eventId: number, message: string) => {
    await tixline.sql(`CREATE FUNCTION quote() RETURNS trigger LANGUAGE plpgsql AS
      $q$ BEGIN RAISE EXCEPTION '${message}' USING ERRCODE = 'XX000'; END $q$`);
    await tixline.sql(
      `CREATE TRIGGER quote BEFORE INSERT ON ticket_requests FOR EACH ROW EXECUTE FUNCTION quote()`,
    );
    const answer = await tixline.ask(as, eventId);
    await tixline.sql(`DROP TRIGGER quote ON ticket_requests`);
    await tixline.sql(`DROP FUNCTION quote`);
    expect(answer.statusCode).toBe(500);
    refused.push(answer);
  };

  /** Which of them, and which personal data, a text holds. A token counts by its signature, too, and bytes by their digits. */
  const hits = (text: string, { personal }: { personal: boolean }): string[] => {
    const parts = Object.entries(secrets).flatMap(([what, secret]) =>
      [secret, ...(secret.split('.').length === 3 ? [secret.split('.')[2]!] : [])].map(
        (part) => [what, part] as const,
      ),
    );
    const all = personal ? [...parts, ['e-mail', EMAIL] as const, ['name', NAME] as const] : parts;
    const searched = text.toLowerCase();
    const digits = (part: string) => Buffer.from(part).toString('hex');
    return all
      .filter(([, part]) => [part.toLowerCase(), digits(part)].some((form) => searched.includes(form)))
      .map(([what]) => what);
  };

  /** Of both: Nest has one logger in a process, that of the Tixline which was made last. */
  const logs = () =>
    [onPostgres, onRedis]
      .map(({ config }) => readFileSync(join(config.dataDir, 'tixline.log'), 'utf8'))
      .join('\n');
  const textOf = async (schema: string) => {
    const tables = await onPostgres.sql<{ name: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
        WHERE table_schema = $1 AND table_type = 'BASE TABLE'`,
      [schema],
    );
    expect(tables.rows.length).toBeGreaterThan(2);
    const texts = tables.rows.map(async ({ name }) => {
      const { rows } = await onPostgres.sql<{ text: string }>(
        `SELECT string_agg(t::text, E'\\n') AS text FROM ${name} t`,
      );
      return rows[0]!.text ?? '';
    });
    return (await Promise.all(texts)).join('\n');
  };

  it('is in no log, at level trace, though an error quoted it', async () => {
    await eventually(() => expect(logs().match(/is not possible/g)?.length ?? 0).toBeGreaterThanOrEqual(2));
    expect(hits(logs(), { personal: true })).toEqual([]);
  });

  it('nor when somebody logs it without a thought', async () => {
    const log = new Logger('careless');
    for (const level of ['log', 'warn', 'error', 'debug', 'verbose', 'fatal'] as const)
      log[level](`careless ${level}: Bearer ${secrets['access token, redis']} of ${EMAIL}`);
    log.error('careless stack', `Error: ${secrets['QR 0, redis']}\n    at there`);
    await eventually(() => expect(logs().includes('careless stack')).toBe(true));
    expect(logs()).toContain('careless verbose: Bearer [token] of [e-mail]');
    expect(hits(logs(), { personal: true })).toEqual([]);
  });

  it('is in no key and no value of Redis', async () => {
    if (redis === undefined) return;
    const client = new Redis(redis.url);
    const keys = await client.keys('*');
    const values = await Promise.all(keys.map((key) => valueOf(client, key)));
    client.disconnect();
    expect(values.length).toBeGreaterThan(2);
    expect(hits([...keys, ...values].join('\n'), { personal: true })).toEqual([]);
  });

  it('is in no job of the queue on PostgreSQL', async () => {
    expect(hits(await textOf('bullmq'), { personal: true })).toEqual([]);
  });

  it('stands in our tables as a hash or not at all, but for name and e-mail', async () => {
    const text = await textOf('public');
    expect(text).toContain(EMAIL);
    expect(hits(text, { personal: false })).toEqual([]);
  });

  it('stands in the CSV as name and e-mail alone', () => {
    const csv = readFileSync(onPostgres.ledger.path, 'utf8');
    expect(csv).toContain(EMAIL);
    expect(hits(csv, { personal: false })).toEqual([]);
  });

  it('is in no answer that refuses', () => {
    expect(refused.map(({ statusCode }) => statusCode)).toEqual(
      expect.arrayContaining([400, 401, 403, 404, 409, 500]),
    );
    for (const { body } of refused) expect([body, hits(body, { personal: true })]).toEqual([body, []]);
  });
});

async function valueOf(client: Redis, key: string): Promise<string> {
  const type = await client.type(key);
  const read = {
    string: () => client.get(key),
    hash: () => client.hgetall(key),
    list: () => client.lrange(key, 0, -1),
    set: () => client.smembers(key),
    zset: () => client.zrange(key, 0, -1),
    stream: () => client.xrange(key, '-', '+'),
  }[type];
  if (read === undefined) throw new Error(`what is a ${type}?`);
  return JSON.stringify(await read());
}
