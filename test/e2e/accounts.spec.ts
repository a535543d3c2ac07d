import { JwtService } from '@nestjs/jwt';
import type { LightMyRequestResponse } from 'fastify';
import { putInDemo } from '../../src/demo';
import { hashOfTables } from '../support/books';
import { Tixline } from '../support/tixline';

const password = 'correct horse battery';

interface Session {
  access_token: string;
  token_type: string;
  expires_in: number;
  user: { id: number; name: string; email: string; role: string };
}

const refreshCookie = (answer: LightMyRequestResponse) =>
  answer.cookies.find(({ name }) => name === 'tixline_refresh');

describe('accounts', () => {
  let tixline: Tixline;
  beforeAll(async () => {
    tixline = await Tixline.start();
  });
  afterAll(() => tixline.stop());

  const register = (email: string, more: object = {}) =>
    tixline.post('/api/auth/register', { body: { name: 'Ada Lovelace', email, password, ...more } });
  const login = (email: string, word = password) =>
    tixline.post('/api/auth/login', { body: { email, password: word } });
  const withCookie = (path: string, value: string | undefined) =>
    tixline.post(`/api/auth/${path}`, {
      headers: value === undefined ? {} : { cookie: `tixline_refresh=${value}` },
    });
  const me = (token: string) => tixline.get('/api/me', { headers: { authorization: `Bearer ${token}` } });

  it('registering makes an attendee, and nobody anything else', async () => {
    const made = await register('ada@example.org');
    expect(made.statusCode).toBe(201);
    expect(made.json()).toEqual({
      id: expect.any(Number) as number,
      name: 'Ada Lovelace',
      email: 'ada@example.org',
      role: 'attendee',
    });
    const before = await hashOfTables(tixline);
    for (const more of [
      { role: 'admin' },
      { isAdmin: true },
      { id: 1 },
      { active: false },
      { password_hash: 'x' },
    ]) {
      const answer = await register('eve@example.org', more);
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, 'invalid-body']);
    }
    expect((await register('Ada@Example.org')).statusCode).toBe(409);
    expect(await hashOfTables(tixline)).toBe(before);
  });

  it('the password is kept as argon2id and never answered', async () => {
    const { rows } = await tixline.sql<{ password_hash: string }>(
      `SELECT password_hash FROM users WHERE email_key = 'ada@example.org'`,
    );
    expect(rows[0]!.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await login('ada@example.org')).body).not.toContain('argon2id');
  });

  it('signing in gives a token that says who I am, and a cookie for no script and no other site', async () => {
    const answer = await login('ada@example.org');
    const session = answer.json<Session>();
    expect(session).toMatchObject({ token_type: 'bearer', expires_in: 900, user: { role: 'attendee' } });
    expect(refreshCookie(answer)).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/api/auth' });
    expect((await me(session.access_token)).json()).toEqual(session.user);
  });

  it('an unknown address and a wrong password get the same answer, after the same work', async () => {
    const seen: unknown[] = [];
    const fastest = { known: Infinity, unknown: Infinity };
    const tries = [
      ['known', 'ada@example.org', 'wrong'],
      ['unknown', 'nobody@example.org', password],
    ] as const;
    for (let i = 0; i < 16; i += 1) {
      const [kind, email, word] = tries[i % 2]!;
      const began = performance.now();
      const answer = await login(email, word);
      fastest[kind] = Math.min(fastest[kind], performance.now() - began);
      const { request_id: _, ...body } = answer.json<{ request_id: string }>();
      seen.push([answer.statusCode, body]);
    }
    expect(new Set(seen.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(seen[0]).toMatchObject([401, { code: 'wrong-credentials' }]);
    // Without the hash it would be thirty times as fast.
    expect(fastest.unknown).toBeGreaterThan(fastest.known / 3);
  });

  it('refreshing exchanges the cookie for the next, and one that comes twice ends the family', async () => {
    const cookies = [refreshCookie(await login('ada@example.org'))!.value];
    const other = refreshCookie(await login('ada@example.org'))!.value;
    for (let i = 0; i < 3; i += 1) {
      const answer = await withCookie('refresh', cookies.at(-1));
      expect(answer.statusCode).toBe(200);
      expect((await me(answer.json<Session>().access_token)).statusCode).toBe(200);
      cookies.push(refreshCookie(answer)!.value);
    }
    expect(new Set(cookies).size).toBe(4);
    const reused = await withCookie('refresh', cookies[1]);
    expect([reused.statusCode, reused.json<{ code: string }>().code]).toEqual([401, 'session-over']);
    // The thief's and the owner's newest are both over; the sign-in on another device is not.
    expect((await withCookie('refresh', cookies.at(-1))).statusCode).toBe(401);
    expect((await withCookie('refresh', other)).statusCode).toBe(200);
  });

  it('of many who refresh with one cookie at once, at most one goes on', async () => {
    for (let round = 0; round < 5; round += 1) {
      const cookie = refreshCookie(await login('ada@example.org'))!.value;
      const answers = await Promise.all(Array.from({ length: 10 }, () => withCookie('refresh', cookie)));
      expect(answers.filter(({ statusCode }) => statusCode === 200).length).toBeLessThanOrEqual(1);
      expect(answers.every(({ statusCode }) => statusCode === 200 || statusCode === 401)).toBe(true);
      // Nine copies were seen, so what the first one got is over as well.
      const next = answers.map(refreshCookie).find((given) => given?.value);
      expect((await withCookie('refresh', next?.value)).statusCode).toBe(401);
    }
  });

  it('signing out ends the family, and is no error without one', async () => {
    const cookie = refreshCookie(await login('ada@example.org'))!.value;
    const out = await withCookie('logout', cookie);
    expect([out.statusCode, refreshCookie(out)?.value]).toEqual([204, '']);
    expect((await withCookie('refresh', cookie)).statusCode).toBe(401);
    for (const value of [undefined, 'nonsense', cookie])
      expect((await withCookie('logout', value)).statusCode).toBe(204);
    for (const value of [undefined, '', 'nonsense', 'x'.repeat(4_000)]) {
      expect((await withCookie('refresh', value)).statusCode).toBe(401);
    }
  });

  it('a closed account can neither sign in nor go on', async () => {
    await register('gone@example.org');
    const answer = await login('gone@example.org');
    await tixline.sql(`UPDATE users SET active = false WHERE email_key = 'gone@example.org'`);
    expect((await login('gone@example.org')).statusCode).toBe(401);
    expect((await withCookie('refresh', refreshCookie(answer)!.value)).statusCode).toBe(401);
    expect((await me(answer.json<Session>().access_token)).statusCode).toBe(401);
  });

  it('tokens of another making are nobody’s', async () => {
    const { keys } = tixline.config;
    const { id } = (await login('ada@example.org')).json<Session>().user;
    const sign = (
      more: object = {},
      typ = 'at+jwt',
      key: keyof typeof keys = 'access',
      claims: object = { role: 'admin' },
    ) =>
      new JwtService({ secretOrKeyProvider: () => keys[key] }).sign(claims, {
        algorithm: 'HS256',
        header: { alg: 'HS256', typ },
        subject: String(id),
        issuer: 'tixline',
        audience: 'tixline-api',
        expiresIn: 60,
        ...more,
      });
    expect((await me(sign())).statusCode).toBe(200);
    const [head, body, signature] = sign().split('.');
    const header = (fields: object) => Buffer.from(JSON.stringify(fields)).toString('base64url');
    for (const token of [
      sign({ expiresIn: -1 }),
      sign({ notBefore: 60 }),
      sign({ issuer: 'else' }),
      sign({ audience: 'else' }),
      sign({ algorithm: 'HS512', header: { alg: 'HS512', typ: 'at+jwt' } }),
      sign({}, 'JWT'),
      sign({}, 'ticket+jwt'),
      sign({}, 'at+jwt', 'ticket'),
      sign({}, 'at+jwt', 'mark'),
      sign({}, 'at+jwt', 'access', { role: 'god' }),
      sign({ subject: 'ada' }),
      `${header({ alg: 'none', typ: 'at+jwt' })}.${body}.`,
      `${header({ alg: 'HS256', typ: 'at+jwt', kid: '../../dev/null' })}.${body}.${signature}`,
      `${header({ alg: 'HS256', typ: 'at+jwt', crit: ['x'], x: 1 })}.${body}.${signature}`,
      `${head}.${body}.`,
      `${head}.${body}.${'A'.repeat(43)}`,
      'x'.repeat(100_000),
      '',
      'null',
    ]) {
      const answer = await me(token);
      expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    }
  });
});

describe('a start with DEMO=true', () => {
  it('puts in event 1, Demo Event, with 20 VIP and 80 Regular seats, and people who can sign in; twice is once', async () => {
    const tixline = await Tixline.start({ firstEventId: 1, env: { DEMO: 'true' } });
    try {
      // As `run` does after it has made the app.
      await Promise.all([putInDemo(tixline.app), putInDemo(tixline.app)]);
      await putInDemo(tixline.app);
      expect((await tixline.get('/api/events')).json()).toMatchObject([
        {
          id: 1,
          code: 'EV01',
          name: 'Demo Event',
          state: 'open',
          ticket_types: [
            { tier: 'VIP', capacity: 20, remaining: 20 },
            { tier: 'Regular', capacity: 80, remaining: 80 },
          ],
        },
      ]);
      for (const [email, role] of [
        ['demo@local.test', 'attendee'],
        ['door@local.test', 'staff'],
        ['admin@local.test', 'admin'],
      ]) {
        const answer = await tixline.post('/api/auth/login', { body: { email, password: 'Passw0rd!' } });
        expect(answer.json()).toMatchObject({ user: { email, role } });
      }
    } finally {
      await tixline.stop();
    }
  });
});
