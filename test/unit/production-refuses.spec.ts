import { randomBytes } from 'node:crypto';
import { ConfigError, loadConfig } from '../../src/config';

const GOOD = 'pZ4vQ8rT1wXyB6nM9kLcD2fGhJ5sA7eU0iOq';

const start = (settings: Record<string, string>) =>
  loadConfig({ NODE_ENV: 'production', JWT_SECRET: GOOD, ...settings });

/** Settings with which production must not start, and what its one line must name. */
const REFUSED: readonly [string, Record<string, string>, RegExp][] = [
  ['no secret', { JWT_SECRET: '' }, /JWT_SECRET is missing/],
  ['a short one', { JWT_SECRET: GOOD.slice(0, 31) }, /JWT_SECRET must be 32 characters/],
  ['one character again and again', { JWT_SECRET: 'x'.repeat(64) }, /JWT_SECRET.*different characters/],
  ['few characters', { JWT_SECRET: 'abcdefghi'.repeat(8) }, /JWT_SECRET.*9|JWT_SECRET.*different/],
  ['digits in a row', { JWT_SECRET: '1234567890'.repeat(4) }, /JWT_SECRET.*a piece of it comes again/],
  ['changeme', { JWT_SECRET: 'changeme-Qp71xZr5-changeme-Wk93vTb2' }, /JWT_SECRET.*word that stands/],
  ['change_me', { JWT_SECRET: 'please-CHANGE_ME-before-Qp71xZr5Wk93' }, /JWT_SECRET.*word that stands/],
  ['your secret', { JWT_SECRET: 'your-256-bit-your_secret-Qp71xZr5Wk93vTb2' }, /JWT_SECRET.*word that/],
  ['a password', { JWT_SECRET: 'Passw0rd! and Qp71xZr5Wk93vTb2MnLk' }, /JWT_SECRET.*word that stands/],
  ['an old one that is weak', { JWT_SECRET_PREVIOUS: 'x'.repeat(64) }, /JWT_SECRET_PREVIOUS/],
  ['a short token for figures', { METRICS_TOKEN: 'figures' }, /METRICS_TOKEN must be 32 characters/],
  ['a weak token for figures', { METRICS_TOKEN: 'm'.repeat(40) }, /METRICS_TOKEN can be guessed/],
  ['one token for both', { METRICS_TOKEN: GOOD }, /METRICS_TOKEN must not be JWT_SECRET/],
  [
    'one token for figures and the secret before',
    { METRICS_TOKEN: GOOD.toLowerCase(), JWT_SECRET_PREVIOUS: GOOD.toLowerCase() },
    /METRICS_TOKEN must not be JWT_SECRET/,
  ],
  ['demo accounts', { DEMO: 'true' }, /DEMO=true/],
  ['every site', { CORS_ORIGINS: '*' }, /CORS_ORIGINS/],
  ['no site', { CORS_ORIGINS: 'null' }, /CORS_ORIGINS/],
  ['one of them every site', { CORS_ORIGINS: 'https://a.example,https://*.example' }, /CORS_ORIGINS/],
  ...['redis.example.org', '203.0.113.7', '[2001:db8::1]', '8.8.8.8', '172.32.0.1', 'localhost.example'].map(
    (host): (typeof REFUSED)[number] => [
      `an open Redis at ${host}`,
      { REDIS_URL: `redis://${host}:6379` },
      /REDIS_URL has no password/,
    ],
  ),
  ['a user without a password', { REDIS_URL: 'rediss://tixline@redis.example.org' }, /REDIS_URL has no/],
  ['one node of three open', { REDIS_URL: 'redis://10.0.0.1,redis://redis.example.org' }, /REDIS_URL/],
];

const TAKEN: readonly Record<string, string>[] = [
  {},
  { METRICS_TOKEN: GOOD.toLowerCase(), JWT_SECRET_PREVIOUS: GOOD.toUpperCase(), DOCS: 'on' },
  { JWT_SECRET: 'a long sentence that only Ada and her cat would come upon' },
  { CORS_ORIGINS: 'https://shop.example.org, https://other.example.org:8443' },
  ...['redis', 'localhost', '127.0.0.1', '[::1]', '10.1.2.3', '172.16.0.9', '192.168.1.1', '[fd00::1]'].map(
    (host) => ({ REDIS_URL: `redis://${host}:6379` }),
  ),
  { REDIS_URL: 'redis://redis.shop.svc.cluster.local:6379' },
  { REDIS_URL: 'rediss://:Qp71xZr5@redis.example.org:6379' },
];

describe('production', () => {
  it.each(REFUSED)('does not start with %s', (_, settings, message) => {
    let error: unknown;
    try {
      start(settings);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message).toMatch(message);
    // The value may be a secret: it is never repeated.
    for (const value of Object.values(settings).filter((given) => given.length > 8))
      expect((error as ConfigError).message).not.toContain(value);
  });

  it('names all that is wrong at once', () => {
    const settings = { JWT_SECRET: 'x'.repeat(40), DEMO: 'on', REDIS_URL: 'redis://redis.example.org' };
    expect(() => start(settings)).toThrow(/JWT_SECRET.*DEMO.*REDIS_URL/);
  });

  it.each(TAKEN)('starts with %p', (settings) => {
    expect(start(settings).production).toBe(true);
  });

  it('starts with whatever chance gives', () => {
    for (let i = 0; i < 2_000; i += 1) {
      start({ JWT_SECRET: randomBytes(48).toString('base64') });
      start({ JWT_SECRET: randomBytes(32).toString('hex') });
    }
  });

  it('has no demo, no docs, secure cookies unless people reach it by http, and a development machine has', () => {
    expect(start({})).toMatchObject({ demo: false, docs: false, secureCookies: true });
    expect(start({ APP_URL: 'https://tickets.example.org' }).secureCookies).toBe(true);
    expect(start({ APP_URL: 'http://tickets.local' }).secureCookies).toBe(false);
    const secret = { JWT_SECRET: 'x'.repeat(40), REDIS_URL: 'redis://redis.example.org' };
    expect(loadConfig(secret)).toMatchObject({ demo: true, docs: true, secureCookies: false });
  });
});
