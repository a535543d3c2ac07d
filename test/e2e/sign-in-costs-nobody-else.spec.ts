import { Algorithm, hash } from '@node-rs/argon2';
import { Passwords } from '../../src/accounts';
import { problemIn } from '../support/problems';
import { Tixline } from '../support/tixline';

describe('signing in', () => {
  let tixline: Tixline;
  let url: string;
  beforeAll(async () => {
    tixline = await Tixline.start();
    const fastify = tixline.app.getHttpAdapter().getInstance();
    url = await fastify.listen({ port: 0, host: '127.0.0.1' });
    await call('register', { name: 'Ada', email: 'ada@example.org', password: 'the right one' });
  });
  afterAll(() => tixline.stop());

  const call = (route: 'login' | 'register', body: unknown) =>
    fetch(`${url}/api/auth/${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  /**
   * What a wrong password costs, in microseconds of this process and its threads: it is what the time depends on, and
   * stays the same on a machine that has other things to do.
   */
  async function cost(email: string): Promise<number> {
    const from = process.cpuUsage();
    const answer = await call('login', { email, password: 'a wrong one' });
    expect(answer.status).toBe(401);
    await answer.text();
    const { user, system } = process.cpuUsage(from);
    return user + system;
  }

  it('with a wrong password takes as long for an address without an account', async () => {
    const known: number[] = [];
    const unknown: number[] = [];
    for (let i = 0; i < 60; i += 1) {
      // In turn, and each first as often: what slows the machine down slows both.
      if (i % 2 === 0) known.push(await cost('ada@example.org'));
      unknown.push(await cost('nobody@example.org'));
      if (i % 2 === 1) known.push(await cost('ada@example.org'));
    }
    const ratio = median(unknown) / median(known);
    expect(ratio).toBeGreaterThan(0.9);
    expect(ratio).toBeLessThan(1.1);
  });

  it('would tell them apart without the work for nobody', async () => {
    const passwords = tixline.app.get(Passwords);
    const matches = passwords.matches.bind(passwords);
    const shortcut = jest
      .spyOn(passwords, 'matches')
      .mockImplementation(async (password, hashed) =>
        hashed === undefined ? false : matches(password, hashed),
      );
    const known = await cost('ada@example.org');
    const unknown = await cost('nobody@example.org');
    shortcut.mockRestore();
    expect(unknown / known).toBeLessThan(0.9);
  });

  it('by a hundred at once leaves the process able to answer', async () => {
    const crowd = Array.from({ length: 100 }, () => cost('ada@example.org'));
    let signingIn = true;
    const all = Promise.all(crowd).finally(() => (signingIn = false));
    const waits: number[] = [];
    while (signingIn) {
      const from = performance.now();
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
      waits.push(performance.now() - from);
    }
    await all;
    waits.sort((a, b) => a - b);
    expect(waits.length).toBeGreaterThan(20);
    expect(waits[Math.floor(waits.length * 0.95)]).toBeLessThan(200);
  });

  it('makes a hash anew that was made with less than we ask for now', async () => {
    const weak = await hash('the right one', {
      algorithm: Algorithm.Argon2id,
      memoryCost: 8_192,
      timeCost: 1,
    });
    await tixline.sql(`UPDATE users SET password_hash = $1 WHERE email = 'ada@example.org'`, [weak]);
    const kept = async () =>
      (
        await tixline.sql<{ password_hash: string }>(
          `SELECT password_hash FROM users WHERE email = 'ada@example.org'`,
        )
      ).rows[0]!.password_hash;
    expect((await call('login', { email: 'ada@example.org', password: 'a wrong one' })).status).toBe(401);
    expect(await kept()).toBe(weak);
    for (let i = 0; i < 2; i += 1) {
      expect((await call('login', { email: 'ada@example.org', password: 'the right one' })).status).toBe(200);
      expect(await kept()).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    }
  });

  it('by more than may wait is put off with a time to come back', async () => {
    const passwords = tixline.app.get(Passwords);
    const answers = await Promise.allSettled(
      Array.from({ length: 403 }, () => passwords.matches('a wrong one', undefined)),
    );
    const putOff = answers.filter(({ status }) => status === 'rejected');
    expect(putOff).toHaveLength(1);
    expect(putOff[0]).toMatchObject({ reason: { code: 'unavailable', retryAfterSeconds: 3 } });
    // Four hundred hashes: ten seconds' work for two cores with nothing else to do.
  }, 60_000);

  it.each(['login', 'register'] as const)(
    'with a password too long to be one is refused without a look at it (%s)',
    async (route) => {
      const looked = jest.spyOn(tixline.app.get(Passwords), route === 'login' ? 'matches' : 'hash');
      const body = (length: number) => ({
        name: 'Eve',
        email: 'eve@example.org',
        password: 'x'.repeat(length),
      });
      const post = async (length: number) => {
        const given = route === 'login' ? { ...body(length), name: undefined } : body(length);
        const answer = await tixline.post(`/api/auth/${route}`, { body: given });
        return problemIn(answer);
      };
      expect(await post(129)).toEqual({ status: 400, code: 'invalid-body' });
      expect(await post(10_000)).toEqual({ status: 400, code: 'invalid-body' });
      expect(await post(1_000_000)).toEqual({ status: 413, code: 'body-too-large' });
      expect(looked).not.toHaveBeenCalled();
      looked.mockRestore();
    },
  );
});

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}
