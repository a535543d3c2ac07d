import { eventually } from '../support/eventually';
import { LIMITS } from '../../src/platform/limits/limits.sql';
import { LimitKeeper, RateLimits, RULES } from '../../src/platform/limits';
import { problemIn } from '../support/problems';
import { several, stopAll, without } from '../support/several';
import type { Tixline } from '../support/tixline';

const TOO_MANY = { status: 429, code: 'too-many-requests' };

describe('rate limits', () => {
  let processes: Tixline[];
  beforeAll(async () => {
    processes = await several(2, { env: { RATE_LIMITS: 'on', TRUST_PROXY: 'loopback' } });
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => stopAll(processes));

  /** Nothing is given back while a test looks. */
  const stopTheClock = () => jest.spyOn(performance, 'now').mockReturnValue(performance.now());

  const fastify = (i: number) => processes[i % 2]!.app.getHttpAdapter().getInstance();
  const signIn = (i: number, email: string, password: string, address: string) =>
    fastify(i).inject({
      method: 'POST',
      url: '/api/auth/login',
      headers: { 'x-forwarded-for': address },
      payload: { email, password },
    });

  /** How many of thirty guesses at once, at two processes in turn, were looked at. */
  async function looked(email: string, address: string): Promise<number> {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => signIn(i, email, 'a wrong one', address)),
    );
    const refused = answers.filter(({ statusCode }) => statusCode === 429);
    for (const answer of refused) {
      expect(problemIn(answer)).toEqual(TOO_MANY);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(30);
      expect(answer.json<{ detail: string }>().detail).toMatch(
        /^Too many attempts to sign in\. Try again in \d+ seconds?\.$/,
      );
    }
    for (const answer of answers)
      if (answer.statusCode !== 429) expect(problemIn(answer)).toMatchObject({ code: 'wrong-credentials' });
    return answers.length - refused.length;
  }

  it('look at ten guesses from one address, of thirty at once, whether or not there is such an account', async () => {
    const { email } = await account('guessed@example.org');
    expect(await looked(email, '192.0.2.1')).toBe(RULES.guess.burst);
    expect(await looked('nobody@example.org', '192.0.2.1')).toBe(RULES.guess.burst);
  });

  it('then do not look at the right password either, but do from another address', async () => {
    const { email, password } = await account('locked@example.org');
    await looked(email, '192.0.2.2');
    expect(problemIn(await signIn(0, email, password, '192.0.2.2'))).toEqual(TOO_MANY);
    expect((await signIn(1, email, password, '192.0.2.3')).statusCode).toBe(200);
  });

  it('of all addresses together do not use up those of the one that is refused', async () => {
    const { email, password } = await account('everywhere@example.org');
    const limits = processes[0]!.app.get(RateLimits);
    while ((await limits.take(RULES.guessFromAnywhere, email)) === 0);
    for (let i = 0; i < RULES.guess.burst + 2; i += 1)
      expect(problemIn(await signIn(i, email, 'a wrong one', '192.0.2.9'))).toEqual(TOO_MANY);
    for (let i = 0; i < 2; i += 1) await limits.giveBack(RULES.guessFromAnywhere, email);
    expect((await signIn(0, email, password, '192.0.2.9')).statusCode).toBe(200);
  });

  it('do not use up anything for a right password', async () => {
    const { email, password } = await account('often@example.org');
    for (let i = 0; i < 15; i += 1)
      expect((await signIn(i, email, password, '192.0.2.4')).statusCode).toBe(200);
  });

  it('let through more without the condition of their statement', async () => {
    const { take } = LIMITS;
    LIMITS.take = take.replace('<=', 'IS DISTINCT FROM');
    expect(LIMITS.take).not.toBe(take);
    // A statement is prepared by its name: connections that know the old one keep it.
    const unguarded = await several(2, { env: { RATE_LIMITS: 'on', TRUST_PROXY: 'loopback' } });
    const guarded = processes;
    try {
      processes = unguarded;
      expect(await looked('nobody@example.org', '192.0.2.5')).toBe(30);
    } finally {
      processes = guarded;
      LIMITS.take = take;
      await stopAll(unguarded);
    }
  });

  /** How many of forty asks, one after the other at two processes in turn, were taken. */
  async function taken(): Promise<number> {
    const eventId = await processes[0]!.event({ vip: 0, regular: 100 });
    const { token } = await processes[0]!.person();
    let count = 0;
    for (let i = 0; i < 40; i += 1) {
      const answer = await fastify(i).inject({
        method: 'POST',
        url: '/api/ticket-requests',
        headers: { authorization: `Bearer ${token}` },
        payload: { event_id: eventId, ticket_type: 'Regular' },
      });
      if (answer.statusCode === 202) count += 1;
      else expect(problemIn(answer)).toEqual(TOO_MANY);
      await new Promise((wake) => setTimeout(wake, 20));
    }
    return count;
  }

  it('count what one account asks for at several processes together', async () => {
    const from = performance.now();
    const count = await taken();
    const givenBack = ((performance.now() - from) / 60_000) * RULES.ask.perMinute;
    // A tenth of a burst for each process, and what came in the tenth of a second that they tell each other late.
    expect(count).toBeGreaterThanOrEqual(RULES.ask.burst);
    expect(count).toBeLessThanOrEqual(RULES.ask.burst + givenBack + 4 + 6);
  });

  it('count it at each alone when they do not tell each other', async () => {
    const { share } = LIMITS;
    LIMITS.share = without(share, 'greatest(l.full_at, now())').replace(
      '(subject) DO UPDATE SET full_at = ',
      '(subject) DO UPDATE SET full_at = now()',
    );
    const silent = await several(2, { env: { RATE_LIMITS: 'on', TRUST_PROXY: 'loopback' } });
    const telling = processes;
    try {
      processes = silent;
      expect(await taken()).toBe(40);
    } finally {
      processes = telling;
      LIMITS.share = share;
      await stopAll(silent);
    }
  });

  it('know visitors by their address, and believe a proxy only where they are told to', async () => {
    const visit = (headers: Record<string, string>, remoteAddress = '127.0.0.1') =>
      fastify(0).inject({ method: 'GET', url: '/api/events', headers, remoteAddress });
    const useUp = (who: string) => {
      while (processes[0]!.app.get(RateLimits).takeHere(RULES.visitor, who) === 0);
    };
    stopTheClock();
    useUp('198.51.100.1');
    expect(problemIn(await visit({ 'x-forwarded-for': '198.51.100.1' }))).toEqual(TOO_MANY);
    expect((await visit({ 'x-forwarded-for': '198.51.100.2' })).statusCode).toBe(200);
    // Whoever is no proxy of ours says what they like.
    useUp('203.0.113.9');
    expect(problemIn(await visit({ 'x-forwarded-for': '198.51.100.2' }, '203.0.113.9'))).toEqual(TOO_MANY);
    // Nor does a client's own word before the proxy's count.
    expect(problemIn(await visit({ 'x-forwarded-for': '198.51.100.7, 198.51.100.1' }))).toEqual(TOO_MANY);
    useUp('2001:db8:1:2::/64');
    expect(problemIn(await visit({}, '2001:db8:1:2::7'))).toEqual(TOO_MANY);
    expect((await visit({}, '2001:db8:1:3::7')).statusCode).toBe(200);
  });

  it('count who tries tokens as visitors', async () => {
    stopTheClock();
    const limits = processes[0]!.app.get(RateLimits);
    while (limits.takeHere(RULES.visitor, '198.51.100.4') === 0);
    const { token } = await processes[0]!.person();
    const me = (authorization?: string) =>
      fastify(0).inject({
        url: '/api/me',
        headers: { 'x-forwarded-for': '198.51.100.4', ...(authorization && { authorization }) },
      });
    for (const guess of [undefined, `Bearer ${token}x`]) expect(problemIn(await me(guess))).toEqual(TOO_MANY);
    expect((await me(`Bearer ${token}`)).statusCode).toBe(200);
  });

  it('leave room for other events', async () => {
    const [first, second] = [
      await processes[0]!.event({ vip: 0, regular: 9 }),
      await processes[0]!.event({ vip: 0, regular: 9 }),
    ];
    stopTheClock();
    while (processes[0]!.app.get(RateLimits).takeHere(RULES.askForEvent, first) === 0);
    const { token } = await processes[0]!.person();
    const ask = (event_id: number) =>
      fastify(0).inject({
        method: 'POST',
        url: '/api/ticket-requests',
        headers: { authorization: `Bearer ${token}` },
        payload: { event_id, ticket_type: 'Regular' },
      });
    expect(problemIn(await ask(first))).toEqual(TOO_MANY);
    expect((await ask(second)).statusCode).toBe(202);
  });

  it('let everybody through while they cannot be asked', async () => {
    const limits = processes[0]!.app.get(RateLimits);
    const asked = jest.spyOn(limits, 'take').mockRejectedValue(new Error('away'));
    const answer = await fastify(0).inject({ method: 'POST', url: '/api/auth/refresh' });
    expect(asked).toHaveBeenCalledTimes(1);
    expect(problemIn(answer)).toMatchObject({ code: 'session-over' });
  });

  it('hold nobody back who asks whether the process is well', async () => {
    stopTheClock();
    const limits = processes[0]!.app.get(RateLimits);
    while (limits.takeHere(RULES.visitor, '198.51.100.3') === 0);
    for (const url of ['/health/live', '/health/ready']) {
      const answer = await fastify(0).inject({ url, headers: { 'x-forwarded-for': '198.51.100.3' } });
      expect(answer.statusCode).toBe(200);
    }
  });

  it('are kept under names that say nothing, and forgotten when all is given back', async () => {
    const { database } = processes[0]!;
    // What the processes count by themselves they write down a moment later.
    await eventually(async () => {
      await database.query(`UPDATE rate_limits SET full_at = now() - interval '1 second'`);
      await new LimitKeeper(database).forget();
      expect((await database.query(`SELECT * FROM rate_limits`)).rows).toEqual([]);
    });
    await looked('somebody@example.org', '192.0.2.6');
    const { rows } = await database.query<{ row: string }>(
      `SELECT rate_limits::text AS row FROM rate_limits`,
    );
    expect(rows.length).toBeGreaterThanOrEqual(3);
    for (const { row } of rows) expect(row).toMatch(/^\("?\\+x[0-9a-f]{32}"?,/);
  });

  async function account(email: string): Promise<{ email: string; password: string }> {
    const password = 'the right one';
    const payload = { name: 'Somebody', email, password };
    expect((await fastify(0).inject({ method: 'POST', url: '/api/auth/register', payload })).statusCode).toBe(
      201,
    );
    return { email, password };
  }
});

describe('rate limits that are off', () => {
  it('hold nobody back', async () => {
    const [tixline] = await several(1);
    try {
      const limits = tixline!.app.get(RateLimits);
      for (let i = 0; i < 100; i += 1) expect(await limits.take(RULES.guess, 'anybody')).toBe(0);
      for (let i = 0; i < 5_000; i += 1) expect(limits.takeHere(RULES.visitor, 'anybody')).toBe(0);
    } finally {
      await stopAll([tixline!]);
    }
  });
});
