import { ownFolder, TixlineProcess } from '../../support/tixline-process';

/** Settings, what the one line must say, and what it must not repeat. */
const FAULTS: readonly [string, Record<string, string>, RegExp, string][] = [
  ['a port that is none', { PORT: 'abc' }, /PORT must be a whole number from 1 to 65535/, 'abc'],
  ['a port out of range', { PORT: '70000' }, /PORT must be a whole number from 1 to 65535/, '70000'],
  ['a short secret', { JWT_SECRET: 'hunter2' }, /JWT_SECRET must be 32 characters or more/, 'hunter2'],
  [
    'a database that is none',
    { DATABASE_URL: 'nonsense:hunter2@nowhere' },
    /DATABASE_URL must be like postgres:\/\/user:password@host:5432\/name/,
    'hunter2',
  ],
  [
    'another kind of database',
    { DATABASE_URL: 'mysql://root:hunter2@db/tixline' },
    /DATABASE_URL must be like postgres:\/\//,
    'hunter2',
  ],
  [
    'a queue that is none',
    { REDIS_URL: 'redis//:hunter2@x' },
    /REDIS_URL must be like redis:\/\/host:6379/,
    'hunter2',
  ],
  [
    'no time between ticks',
    { TICK_INTERVAL_MS: '0' },
    /TICK_INTERVAL_MS must be a whole number from 10 to 60000/,
    '',
  ],
  ['a role nobody plays', { ROLE: 'boss' }, /ROLE must be one of all, api, worker/, 'boss'],
  [
    'proxies that are none',
    { TRUST_PROXY: 'the-one-before' },
    /TRUST_PROXY must be true, false, or/,
    'the-one-before',
  ],
  ...[
    '*',
    'null',
    'shop.hunter2.example',
    'https://shop.hunter2.example/',
    'https://a.example,https://b.hunter2/x',
  ].map((origins): (typeof FAULTS)[number] => [
    `another site that is no origin: ${origins}`,
    { CORS_ORIGINS: origins },
    /CORS_ORIGINS must be origins .* https:\/\/tickets\.example\.org/,
    'hunter2',
  ]),
  ['production without a secret', { NODE_ENV: 'production' }, /JWT_SECRET is missing.*openssl rand/, ''],
  [
    'demo accounts in production',
    { NODE_ENV: 'production', DEMO: 'true', JWT_SECRET: 'x'.repeat(40) },
    /DEMO=true puts in accounts whose password everybody knows/,
    'xxx',
  ],
  // The rest of these is in test/unit/production-refuses.spec.ts.
  [
    'a secret from an example',
    { NODE_ENV: 'production', JWT_SECRET: 'changeme-hunter2-Qp71xZr5Wk93vTb2' },
    /JWT_SECRET can be guessed.*openssl rand/,
    'hunter2',
  ],
  [
    'a worker of production with one, too',
    { NODE_ENV: 'production', ROLE: 'worker', JWT_SECRET: 'x'.repeat(40) },
    /JWT_SECRET can be guessed/,
    'xxx',
  ],
  [
    'an open Redis in production',
    {
      NODE_ENV: 'production',
      JWT_SECRET: 'pZ4vQ8rT1wXyB6nM9kLcD2fGhJ5sA7eU0iOq',
      REDIS_URL: 'redis://hunter2@redis.example.org:6379',
    },
    /REDIS_URL has no password/,
    'hunter2',
  ],
];

describe('a wrong setting', () => {
  const folder = ownFolder();
  afterAll(() => folder.remove());

  it.each(FAULTS)('%s: one line with cause and cure, exit 1', async (_, settings, line, secret) => {
    const { code, out, err } = await (await TixlineProcess.start(folder.path, settings)).ended;
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toMatch(line);
    expect(err).not.toMatch(/^\s+at /m);
    if (secret !== '') expect(out + err).not.toContain(secret);
    expect(code).toBe(1);
  });

  it('names all of them at once', async () => {
    const settings = { PORT: 'abc', TICK_INTERVAL_MS: 'often', LOG_LEVEL: 'loud' };
    const { err } = await (await TixlineProcess.start(folder.path, settings)).ended;
    for (const name of Object.keys(settings)) expect(err).toContain(`${name} must be`);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});
