import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { Verify } from '../../src/ledger';
import { ERASURE, ErasureKeeper } from '../../src/personal-data';
import { isRetryable } from '../../src/platform/database';
import { Marks } from '../../src/platform/http';
import { faultsIn, outcomesOf, shelfOf } from '../support/books';
import { eventually } from '../support/eventually';
import type { Order } from '../support/orders';
import { hasRedisServer, startOwnRedis, type OwnRedis } from '../support/own-redis';
import { problemIn } from '../support/problems';
import { settleWhile, several, stopAll, without } from '../support/several';
import type { Person, Tixline } from '../support/tixline';
import { inFiles, inRedis, inTables } from '../support/traces';

const PASSWORD = 'correct horse battery';
const NAME = 'Kanarienvogel Dreizehn';
const EMAIL = 'Kanarie13-5d1e@Vogels.example.org';
const TRACES = [NAME, EMAIL];

interface SignedIn extends Person {
  readonly cookie: string;
}

describe('a person can be erased', () => {
  let redis: OwnRedis | undefined;
  let processes: Tixline[];
  let tixline: Tixline;
  beforeAll(async () => {
    if (hasRedisServer()) redis = await startOwnRedis();
    processes = await several(2, { env: { LOG_LEVEL: 'trace', REDIS_URL: redis?.url ?? '' } });
    tixline = processes[0]!;
  }, 60_000);
  afterAll(async () => {
    await stopAll(processes);
    await redis?.remove();
  });
  afterEach(() => jest.restoreAllMocks());

  const at = (i: number) => processes[i % 2]!;

  const join = async (name: string, email: string, role = 'attendee'): Promise<SignedIn> => {
    const made = await tixline.post('/api/auth/register', { body: { name, email, password: PASSWORD } });
    expect(made.statusCode).toBe(201);
    await tixline.sql(`UPDATE users SET role = $2 WHERE id = $1`, [made.json<Person>().id, role]);
    return signIn(email);
  };
  const signIn = async (email: string): Promise<SignedIn> => {
    const answer = await tixline.post('/api/auth/login', { body: { email, password: PASSWORD } });
    const { access_token, user } = answer.json<{ access_token: string; user: Person }>();
    const cookie = answer.cookies.find(({ name }) => name === 'tixline_refresh')!.value;
    return { ...user, token: access_token, cookie };
  };
  const erase = (as: Person, { password = PASSWORD, process = 0 } = {}) =>
    at(process).delete('/api/auth/me', { as, body: { password } });
  const request = async (as: Person, eventId: number, quantity = 1, key?: string) =>
    (await tixline.ask(as, eventId, 'Regular', quantity, key)).json<{ request_id: string }>().request_id;
  const statusOf = async (id: string) => {
    const { rows } = await tixline.sql<{ is: string }>(
      `SELECT status || CASE WHEN returned_at IS NULL THEN '' ELSE ', returned' END AS is
         FROM ticket_requests WHERE id = $1`,
      [id],
    );
    return rows[0]!.is;
  };
  const expectBalanced = async () => {
    expect(await faultsIn(tixline)).toEqual([]);
    for (const process of processes) await process.ledger.catchUp();
    for (const process of processes) {
      const { ok, checks } = await process.app.get(Verify, { strict: false }).run();
      expect(checks.filter(({ broken }) => broken > 0)).toEqual([]);
      expect(ok).toBe(true);
    }
  };

  it('and then is nowhere: not in the database, not in Redis, in no log and no file', async () => {
    const staff = await tixline.person('staff');
    const [toCome, used, begun] = [
      await tixline.event({ regular: 10 }),
      await tixline.event({ regular: 10 }),
      await tixline.event({ regular: 10 }),
    ];
    const person = await join(NAME, EMAIL);
    const orders: string[] = [];
    for (const eventId of [toCome, used, begun]) {
      orders.push(await request(person, eventId, 2, `${EMAIL.toLowerCase()}-${eventId}`));
      await tixline.settleAll();
    }
    const entering = (await tixline.get(`/api/orders/${orders[1]}`, { as: person })).json<Order>();
    await tixline.post(`/api/tickets/checkin/${entering.tickets[0]!.qr_token}`, { as: staff });
    await tixline.sql(`UPDATE events SET starts_at = now() - interval '1 hour' WHERE id = $1`, [begun]);
    const waiting = await request(person, toCome);
    for (const process of processes) await process.ledger.catchUp();
    // The search sees them while they are there.
    expect((await inTables(tixline, TRACES)).length).toBeGreaterThan(0);
    for (const process of processes) expect(inFiles(process, TRACES).length).toBeGreaterThan(0);

    const answer = await erase(person);
    expect([answer.statusCode, answer.body]).toEqual([204, '']);
    expect(answer.cookies.map(({ name, value }) => [name, value])).toContainEqual(['tixline_refresh', '']);
    for (const process of processes) await process.ledger.catchUp();

    expect(await inTables(tixline, TRACES)).toEqual([]);
    for (const process of processes) {
      expect(readFileSync(process.ledger.path, 'utf8')).toContain(`,Erased,erased-${person.id},`);
      expect(inFiles(process, TRACES)).toEqual([]);
    }
    if (redis !== undefined) expect(await inRedis(redis.url, TRACES)).toEqual([]);

    expect(await statusOf(waiting)).toBe('cancelled');
    expect(await Promise.all(orders.map(statusOf))).toEqual(['granted, returned', 'granted', 'granted']);
    expect(await shelfOf(tixline, toCome)).toEqual({ remaining: 10, live: 0 });
    await expectBalanced();
  });

  it('and the books hold while the file is being written anew: verify waits for it', async () => {
    const eventId = await tixline.event({ regular: 30 });
    for (let i = 0; i < 5; i += 1) {
      const person = await join(`Filed ${i}`, `waits-${i}@example.org`);
      await request(person, eventId);
      await tixline.settleAll();
      await tixline.ledger.catchUp();
      await erase(person);
      const { checks } = await tixline.app.get(Verify, { strict: false }).run();
      expect(checks.filter(({ broken }) => broken > 0)).toEqual([]);
    }
  });

  it('their sessions end at once, in every process', async () => {
    const person = await join('Ada', 'sessions@example.org');
    const phone = await signIn('sessions@example.org');
    for (const process of processes)
      expect((await process.get('/api/orders', { as: phone })).statusCode).toBe(200);
    expect((await erase(person)).statusCode).toBe(204);
    expect(problemIn(await tixline.get('/api/orders', { as: phone })).status).toBe(401);
    await eventually(async () => {
      for (const as of [person, phone])
        expect(problemIn(await at(1).get('/api/orders', { as })).status).toBe(401);
    });
    const eventId = await tixline.event({ regular: 1 });
    expect((await at(1).ask(phone, eventId)).statusCode).toBe(401);
    for (const { cookie } of [person, phone]) {
      const headers = { cookie: `tixline_refresh=${cookie}` };
      expect(problemIn(await at(1).post('/api/auth/refresh', { headers })).code).toBe('session-over');
    }
    const credentials = { email: `erased-${person.id}`, password: PASSWORD };
    expect((await tixline.post('/api/auth/login', { body: credentials })).statusCode).toBe(401);
    expect((await erase(person)).statusCode).toBe(401);
  });

  it('and may come again, as somebody new', async () => {
    const first = await join('Ada', 'again@example.org');
    const eventId = await tixline.event({ regular: 5 });
    await request(first, eventId);
    await tixline.settleAll();
    await erase(first);
    const second = await join('Ada', 'again@example.org');
    expect(second.id).not.toBe(first.id);
    const { items } = (await tixline.get('/api/orders', { as: second })).json<{ items: Order[] }>();
    expect(items).toEqual([]);
  });

  it('not with a wrong password, which changes nothing and counts as a guess', async () => {
    const [limited] = await several(1, { env: { RATE_LIMITS: 'on' } });
    try {
      const as = (
        await limited!.post('/api/auth/register', {
          body: { name: 'Ada', email: 'guess@example.org', password: PASSWORD },
        })
      ).json<Person>();
      const login = (password: string) =>
        limited!.post('/api/auth/login', { body: { email: 'guess@example.org', password } });
      const { access_token } = (await login(PASSWORD)).json<{ access_token: string }>();
      const guess = (password: string) =>
        limited!.delete('/api/auth/me', { as: { ...as, token: access_token }, body: { password } });
      for (let i = 0; i < 10; i += 1)
        expect(problemIn(await guess(`wrong ${i}`))).toEqual({ status: 422, code: 'wrong-password' });
      expect(problemIn(await guess('wrong')).status).toBe(429);
      expect(problemIn(await guess(PASSWORD)).status).toBe(429);
      expect(problemIn(await login('wrong')).status).toBe(429);
      const { rows } = await limited!.sql(`SELECT email, active FROM users WHERE id = $1`, [as.id]);
      expect(rows).toEqual([{ email: 'guess@example.org', active: true }]);
    } finally {
      await limited!.stop();
    }
  });

  it('but not the last administrator; of the last two at once, one', async () => {
    await tixline.sql(`UPDATE users SET role = 'attendee' WHERE role = 'admin'`);
    const admins = [
      await join('First', 'first-admin@example.org', 'admin'),
      await join('Second', 'second-admin@example.org', 'admin'),
    ];
    // Those of before the role are over.
    const answers = await Promise.all(admins.map((as, process) => erase(as, { process })));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([204, 409]));
    const last = admins[answers.findIndex(({ statusCode }) => statusCode === 409)]!;
    expect(problemIn(await erase(last))).toEqual({ status: 409, code: 'last-admin' });
    expect((await tixline.get('/api/me', { as: last })).statusCode).toBe(200);
  });

  it('of eight administrators at once, seven', async () => {
    await tixline.sql(`UPDATE users SET role = 'attendee' WHERE role = 'admin'`);
    const admins: SignedIn[] = [];
    for (let i = 0; i < 8; i += 1) admins.push(await join(`Admin ${i}`, `admin-${i}@example.org`, 'admin'));
    const triedAgain: string[] = [];
    for (const { database } of processes) {
      const transaction = database.transaction.bind(database);
      jest.spyOn(database, 'transaction').mockImplementation((work) =>
        transaction((client) =>
          work(client).catch((error: Error) => {
            if (isRetryable(error)) triedAgain.push(error.message);
            throw error;
          }),
        ),
      );
    }
    const answers = await Promise.all(admins.map((as, process) => erase(as, { process })));
    expect(triedAgain).toEqual([]);
    const statuses = answers.map(({ statusCode }) => statusCode);
    expect(statuses.sort((a, b) => a - b)).toEqual([...Array<number>(7).fill(204), 409]);
    const { rows } = await tixline.sql(`SELECT id FROM users WHERE role = 'admin' AND active`);
    expect(rows).toHaveLength(1);
  });

  it('two at once in a process: others wait for two seconds, and hold no connection meanwhile', async () => {
    const people: SignedIn[] = [];
    for (let i = 0; i < 6; i += 1) people.push(await join(`Slow ${i}`, `slow-${i}@example.org`));
    const client = new Client({ connectionString: tixline.config.databaseUrl! });
    await client.connect();
    try {
      await client.query('BEGIN');
      await client.query(`SELECT FROM users WHERE id = ANY ($1) FOR UPDATE`, [people.map(({ id }) => id)]);
      const answers = people.map((as) => erase(as));
      const turnedAway: Awaited<(typeof answers)[number]>[] = [];
      for (const answer of answers) void answer.then((one) => one.statusCode === 503 && turnedAway.push(one));
      // All six would be the whole pool.
      expect((await tixline.get('/api/orders', { as: people[0]! })).statusCode).toBe(200);
      await eventually(() => expect(turnedAway).toHaveLength(4));
      for (const one of turnedAway) expect(Number(one.headers['retry-after'])).toBeGreaterThan(0);
      await client.query('COMMIT');
      const statuses = (await Promise.all(answers)).map(({ statusCode }) => statusCode);
      expect(statuses.sort((a, b) => a - b)).toEqual([204, 204, 503, 503, 503, 503]);
    } finally {
      await client.end();
    }
  });

  it('once, when they ask 20 times at once', async () => {
    const eventId = await tixline.event({ regular: 10 });
    const person = await join('Twenty', 'twenty@example.org');
    const order = await request(person, eventId, 3);
    await tixline.settleAll();
    const waiting = await request(person, eventId);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => erase(person, { process: i })));
    const statuses = answers.map(({ statusCode }) => statusCode);
    expect(statuses).toContain(204);
    expect(statuses.filter((status) => status !== 204 && status !== 401)).toEqual([]);
    expect([await statusOf(order), await statusOf(waiting)]).toEqual(['granted, returned', 'cancelled']);
    expect(await shelfOf(tixline, eventId)).toEqual({ remaining: 10, live: 0 });
    await expectBalanced();
  });

  it('and the file is not written anew for somebody who is not in it', async () => {
    const revision = async () => (await tixline.sql(`SELECT revision FROM ledger_names`)).rows[0];
    const before = await revision();
    const nobody = await join('Looked Only', 'looked-only@example.org');
    expect((await erase(nobody)).statusCode).toBe(204);
    expect(await revision()).toEqual(before);
  });

  it('with thousands of requests that wait, and holds up nobody behind them', async () => {
    const eventId = await tixline.event({ regular: 10 }, { pace: 1 });
    const many = await join('Many', 'many@example.org');
    // As the intake writes them, without a call for each.
    await tixline.sql(
      `WITH type AS (SELECT id FROM ticket_types WHERE event_id = $1 AND tier = 2), counted AS (
         UPDATE line_places SET last_place = last_place + $4, last_seats = last_seats + $4 WHERE event_id = $1 AND tier = 2)
       INSERT INTO ticket_requests (id, event_id, user_id, place, ticket_type_id, tier, quantity)
       SELECT standing_id($1, 2, n, $3), $1, $2, n, (SELECT id FROM type), 2, 1 FROM generate_series(1, $4::int) n`,
      [eventId, many.id, tixline.app.get(Marks).of(many.id), 8_000],
    );
    const startedAt = performance.now();
    expect((await erase(many)).statusCode).toBe(204);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(await outcomesOf(tixline, eventId)).toEqual({ cancelled: 8_000 });
    await expectBalanced();
  });

  it('20 of them while the line moves: nobody keeps a place or a seat, and the books are right', async () => {
    const eventId = await tixline.event({ vip: 40, regular: 60 });
    const people: SignedIn[] = [];
    for (let i = 0; i < 20; i += 1) people.push(await join(`Racer ${i}`, `racer-${i}@example.org`));
    const others = await tixline.peopleOf(40);
    const ask = (as: Person, i: number) => at(i).ask(as, eventId, i % 2 ? 'VIP' : 'Regular');
    const rush = async () => {
      await Promise.all([...people, ...people, ...others].map(ask));
      let over = false;
      // They ask on at the other process, which takes them in for a moment after they are gone.
      const asking = people.map(async (as, i) => {
        while (!over) {
          await ask(as, i + 1);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      });
      // Hashes wait for each other; whoever is told to come back does.
      const answers = await Promise.all(
        people.map((as, i) =>
          eventually(async () => {
            const answer = await erase(as, { process: i });
            expect(answer.statusCode).not.toBe(503);
            return answer;
          }, 30_000),
        ),
      );
      over = true;
      await Promise.all(asking);
      return answers;
    };
    const erased = await settleWhile(processes, rush());
    expect(erased.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(204));
    await Promise.all(processes.map((process) => process.app.get(ErasureKeeper, { strict: false }).look()));
    expect(await holdingOf(people)).toEqual([]);
    expect(await inTables(tixline, ['racer'])).toEqual([]);
    await expectBalanced();
  }, 120_000);

  /** What these people still wait for or hold. */
  const holdingOf = async (people: readonly Person[]) => {
    const { rows } = await tixline.sql(
      `SELECT id FROM ticket_requests
        WHERE user_id = ANY ($1) AND (status = 'queued' OR (status = 'granted' AND returned_at IS NULL))`,
      [people.map(({ id }) => id)],
    );
    return rows;
  };

  it('what was on its way while they were erased is given back by a worker', async () => {
    const eventId = await tixline.event({ regular: 5 });
    const person = await join('Late', 'late@example.org');
    expect((await erase(person)).statusCode).toBe(204);
    // Taken in by a process that does not know yet: what the token would be refused for is put in by hand.
    for (let i = 0; i < 2; i += 1) {
      const [buyer] = await tixline.peopleOf(1);
      const id = await request(buyer!, eventId);
      if (i === 0) await tixline.settleAll();
      await tixline.sql(`UPDATE ticket_requests SET user_id = $2 WHERE id = $1`, [id, person.id]);
      await tixline.sql(`UPDATE holdings SET user_id = $2 WHERE user_id = $1`, [buyer!.id, person.id]);
      await tixline.sql(`UPDATE ledger SET user_id = $2 WHERE request_id = $1`, [id, person.id]);
    }
    expect(await holdingOf([person])).toHaveLength(2);
    await tixline.app.get(ErasureKeeper, { strict: false }).look();
    expect(await holdingOf([person])).toEqual([]);
    expect(await shelfOf(tixline, eventId)).toEqual({ remaining: 5, live: 0 });
    expect(await faultsIn(tixline)).toEqual([]);
  });

  describe('without a rule, the tests above would see it', () => {
    const rules = { ...ERASURE };
    afterEach(() => void Object.assign(ERASURE, rules));

    it('two administrators at once, not locked: both are gone', async () => {
      ERASURE.holdAdmins = without(ERASURE.holdAdmins, 'FOR UPDATE');
      ERASURE.erase = ERASURE.erase.replace('WHERE id = $1', 'WHERE id = $1 AND pg_sleep(0.3) IS NOT NULL');
      await tixline.sql(`UPDATE users SET role = 'attendee' WHERE role = 'admin'`);
      const admins = [
        await join('Third', 'third-admin@example.org', 'admin'),
        await join('Fourth', 'fourth-admin@example.org', 'admin'),
      ];
      const answers = await Promise.all(admins.map((as, process) => erase(as, { process })));
      expect(answers.map(({ statusCode }) => statusCode)).toEqual([204, 204]);
    });

    it('keys not forgotten: the e-mail stands in one', async () => {
      ERASURE.forgetKeys = `SELECT $1::int`;
      const person = await join('Keys', 'keys-kept@example.org');
      await request(person, await tixline.event({ regular: 1 }), 1, 'keys-kept@example.org');
      await erase(person);
      expect(await inTables(tixline, ['keys-kept@'])).toEqual(['public.idempotency_keys: keys-kept@']);
    });

    it('the file not written anew: it keeps the name, and verify says so', async () => {
      const person = await join('Filed', 'filed@example.org');
      await request(person, await tixline.event({ regular: 1 }));
      await tixline.settleAll();
      // Transactions of other databases may hold its line back for a moment.
      await eventually(async () => {
        await tixline.ledger.catchUp();
        expect(inFiles(tixline, ['filed@example.org'])).not.toEqual([]);
      }, 20_000);
      await tixline.sql(`ALTER TABLE users DISABLE TRIGGER users_ledger_names`);
      await erase(person);
      await tixline.sql(`ALTER TABLE users ENABLE TRIGGER users_ledger_names`);
      await tixline.ledger.catchUp();
      expect(inFiles(tixline, ['filed@example.org'])).toEqual(['transactions.csv: filed@example.org']);
      const { ok } = await tixline.app.get(Verify, { strict: false }).run();
      expect(ok).toBe(false);
      await tixline.ledger.rebuild();
    });
  });
});
