import { Client } from 'pg';
import { Passwords, SessionKeeper } from '../../src/accounts';
import { problemIn } from '../support/problems';
import { Tixline, type Person } from '../support/tixline';

const DAYS_A_TOKEN_LIVES = 14;
const SESSIONS_AT_ONCE = 100;

describe('sessions', () => {
  let tixline: Tixline;
  beforeAll(async () => {
    tixline = await Tixline.start();
  });
  afterAll(() => tixline.stop());
  afterEach(() => jest.restoreAllMocks());

  const PASSWORD = 'correct horse battery';
  const register = async (email: string) =>
    (
      await tixline.post('/api/auth/register', { body: { name: 'Ada', email, password: PASSWORD } })
    ).json<Person>();
  const login = (email = 'ada@example.org') =>
    tixline.post('/api/auth/login', { body: { email, password: PASSWORD } });
  const signIn = async (email?: string) => (await login(email)).cookies[0]!.value;
  const call = (what: 'refresh' | 'logout', cookie: string) =>
    tixline.post(`/api/auth/${what}`, { headers: { cookie: `tixline_refresh=${cookie}` } });
  const renew = async (cookie: string, times = 1) => {
    for (let i = 0; i < times; i += 1) cookie = (await call('refresh', cookie)).cookies[0]!.value;
    return cookie;
  };
  const idOf = (cookie: string) => cookie.split('.')[0]!;
  const rowsOf = async (email: string) =>
    (
      await tixline.sql<{ id: string; ended: boolean }>(
        `SELECT s.id, s.revoked_at IS NOT NULL AS ended FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email = $1`,
        [email],
      )
    ).rows;

  beforeAll(() => register('ada@example.org'));

  it('a database that goes away right after a refresh token was exchanged signs nobody out', async () => {
    const cookie = await signIn();
    const { database } = tixline;
    const query = database.query.bind(database);
    const repository = database.repository.bind(database);
    const away = () => {
      throw new Error('Connection terminated unexpectedly');
    };
    database.query = async (text, ...rest) => {
      const answer = await query(text, ...rest);
      if (text.includes('sessions')) Object.assign(database, { query: away, repository: away });
      return answer as never;
    };
    const answer = await call('refresh', cookie);
    Object.assign(database, { query, repository });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      user: { name: 'Ada', email: 'ada@example.org', role: 'attendee' },
    });
    expect((await call('refresh', answer.cookies[0]!.value)).statusCode).toBe(200);
  });

  it('take one row each, however often they are renewed, and end with it', async () => {
    await register('often@example.org');
    const [first, other] = [await signIn('often@example.org'), await signIn('often@example.org')];
    const last = await renew(first, 30);
    expect(await rowsOf('often@example.org')).toHaveLength(2);
    // Any token that was used ends it, however long ago that was, also when many come at once.
    const answers = await Promise.all(Array.from({ length: 14 }, () => call('refresh', first)));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([401]));
    expect((await call('refresh', last)).statusCode).toBe(401);
    expect((await call('refresh', await renew(other))).statusCode).toBe(200);
    expect(await rowsOf('often@example.org')).toEqual(
      expect.arrayContaining([
        { id: idOf(first), ended: true },
        { id: idOf(other), ended: false },
      ]),
    );
  });

  it('are ended by signing out with any of their tokens', async () => {
    const first = await signIn();
    const last = await renew(first, 3);
    expect((await call('logout', first)).statusCode).toBe(204);
    expect(problemIn(await call('refresh', last))).toEqual({ status: 401, code: 'session-over' });
  });

  it('do not go on by the id alone, nor with the secret of another', async () => {
    for (const forged of [
      (own: string) => idOf(own),
      (own: string) => `${idOf(own)}.`,
      (own: string, other: string) => `${idOf(own)}.${other.split('.')[1]}`,
      (own: string) => own.toUpperCase(),
      (own: string) => `${own}x`,
    ]) {
      const [own, other] = [await signIn(), await signIn()];
      expect(problemIn(await call('refresh', forged(own, other)))).toEqual({
        status: 401,
        code: 'session-over',
      });
      expect((await call('refresh', other)).statusCode).toBe(200);
    }
  });

  it('that are over are forgotten, and do not go on before that; one that is renewed stays', async () => {
    await register('over@example.org');
    const [over, renewed] = [await signIn('over@example.org'), await signIn('over@example.org')];
    const later = (days: number) =>
      tixline.sql(`UPDATE sessions SET expires_at = expires_at - make_interval(days => $1)`, [days]);
    await later(DAYS_A_TOKEN_LIVES - 1);
    const next = await renew(renewed);
    await later(1);
    expect((await call('refresh', over)).statusCode).toBe(401);
    await tixline.app.get(SessionKeeper, { strict: false }).forget();
    expect(await rowsOf('over@example.org')).toEqual([{ id: idOf(next), ended: false }]);
    expect((await call('refresh', next)).statusCode).toBe(200);
  });

  it(`are ${SESSIONS_AT_ONCE} of one person at most: the one that was not used for longest makes room`, async () => {
    const { id } = await register('many@example.org');
    const [used, unused] = [await signIn('many@example.org'), await signIn('many@example.org')];
    await tixline.sql(`UPDATE sessions SET renewed_at = renewed_at - interval '1 hour' WHERE user_id = $1`, [
      id,
    ]);
    const next = await renew(used);
    await tixline.sql(
      `INSERT INTO sessions (id, user_id, token_hash, expires_at)
       SELECT gen_random_uuid(), $1, 'x', now() + interval '1 day' FROM generate_series(1, $2)`,
      [id, SESSIONS_AT_ONCE - 2],
    );
    const newest = await signIn('many@example.org');
    expect(await rowsOf('many@example.org')).toHaveLength(SESSIONS_AT_ONCE);
    expect((await call('refresh', unused)).statusCode).toBe(401);
    for (const cookie of [next, newest]) expect((await call('refresh', cookie)).statusCode).toBe(200);
  });

  it('do not begin for somebody who was erased while their password was looked at', async () => {
    const { id } = await register('erased-1@example.org');
    const as = {
      id,
      token: (await login('erased-1@example.org')).json<{ access_token: string }>().access_token,
    };
    const passwords = tixline.app.get(Passwords, { strict: false });
    const matches = passwords.matches.bind(passwords);
    jest.spyOn(passwords, 'matches').mockImplementationOnce(async (...args) => {
      const fits = await matches(...args);
      const answer = await tixline.delete('/api/auth/me', { as: as as Person, body: { password: PASSWORD } });
      expect(answer.statusCode).toBe(204);
      return fits;
    });
    const answer = await login('erased-1@example.org');
    expect(problemIn(answer)).toEqual({ status: 401, code: 'wrong-credentials' });
    expect((await tixline.sql(`SELECT id FROM sessions WHERE user_id = $1`, [id])).rows).toEqual([]);
  });

  it.each(['erased', 'closed'])('nor for somebody who is being %s at that moment', async (how) => {
    const email = `being-${how}@example.org`;
    const { id } = await register(email);
    const client = new Client({ connectionString: tixline.config.databaseUrl! });
    await client.connect();
    try {
      await client.query('BEGIN');
      const change = how === 'erased' ? `, email_key = 'erased-' || id` : '';
      await client.query(`UPDATE users SET active = false${change} WHERE id = $1`, [id]);
      const signingIn = login(email);
      await new Promise((resolve) => setTimeout(resolve, 500));
      await client.query('COMMIT');
      expect(problemIn(await signingIn)).toEqual({ status: 401, code: 'wrong-credentials' });
      expect((await tixline.sql(`SELECT id FROM sessions WHERE user_id = $1`, [id])).rows).toEqual([]);
    } finally {
      await client.end();
    }
  });
});
