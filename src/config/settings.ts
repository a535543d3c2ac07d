import { isIP } from 'node:net';
import { z } from 'zod';

/** Each message goes on after "<NAME> must be ". */
const oneOf = <const Words extends readonly [string, ...string[]]>(...words: Words) =>
  z.enum(words, `one of ${words.join(', ')}`);

const flag = oneOf('true', 'false', 'on', 'off', '1', '0').transform(
  (word) => word === 'true' || word === 'on' || word === '1',
);

const whole = (least: number, most: number) => {
  const what = `a whole number from ${least} to ${most}`;
  return z.string().regex(/^\d+$/, what).transform(Number).pipe(z.number().min(least, what).max(most, what));
};

const text = z.string().min(1);

const secret = z.string().min(32, '32 characters or more (openssl rand -base64 48)');

const address = (schemes: readonly string[], example: string) =>
  text.refine((given) => hasScheme(given, schemes), `like ${example}`);

/** `redis://a,redis://b` is a cluster's list of nodes. */
const addresses = (schemes: readonly string[], example: string) =>
  text.refine((given) => given.split(',').every((one) => hasScheme(one.trim(), schemes)), `like ${example}`);

const origins = z
  .string()
  .refine(
    (given) => given.split(',').every((one) => one.trim() === '' || isOrigin(one.trim())),
    'origins as a browser sends them, with commas between: https://tickets.example.org (no path, no slash at the end)',
  );

// A number of proxies is not offered: with it Fastify believes nobody, since it could not tell who connects.
const proxies = text
  .refine(
    (given) => given === 'true' || given === 'false' || given.split(',').every(isProxy),
    'true, false, or the addresses of the proxies with commas between (10.0.0.0/8, loopback)',
  )
  .transform((given) => (given === 'true' || given === 'false' ? given === 'true' : given));

/** Every setting, with its default. `.env.example` lists them in the same order; a test holds the two together. */
export const settings = z.object({
  NODE_ENV: oneOf('development', 'test', 'production').default('development'),
  PORT: whole(1, 65_535).default(3000),
  HOST: text.optional(),
  APP_URL: address(['http:', 'https:'], 'https://tickets.example.org').optional(),
  APP_NAME: text.default('Tixline'),
  ROLE: oneOf('all', 'api', 'worker').default('all'),
  DATABASE_URL: address(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/name').optional(),
  DATABASE_POOL: whole(2, 200).default(12),
  REDIS_URL: addresses(['redis:', 'rediss:'], 'redis://host:6379').optional(),
  REDIS_PREFIX: text.regex(/^[\w.-]+$/, 'letters, digits, dots, _ and -').default('tixline'),
  DATA_DIR: text.default('data'),
  JWT_SECRET: secret.optional(),
  JWT_SECRET_PREVIOUS: secret.optional(),
  ACCESS_TOKEN_EXPIRE_MINUTES: whole(1, 1_440).default(15),
  CORS_ORIGINS: origins.default(''),
  TICK_INTERVAL_MS: whole(10, 60_000).default(500),
  LOG_LEVEL: oneOf('silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace').default('info'),
  TRUST_PROXY: proxies.default(false),
  RATE_LIMITS: oneOf('on', 'off').default('on'),
  DOCS: flag.optional(),
  METRICS_TOKEN: secret.optional(),
  DEMO: flag.optional(),
});

export type Settings = z.infer<typeof settings>;

function hasScheme(given: string, schemes: readonly string[]): boolean {
  return URL.canParse(given) && schemes.includes(new URL(given).protocol) && !/^\w+:\/*$/.test(given);
}

function isOrigin(given: string): boolean {
  return hasScheme(given, ['http:', 'https:']) && new URL(given).origin === given && !given.includes('*');
}

function isProxy(given: string): boolean {
  const [host = '', bits] = given.trim().split('/');
  if (['loopback', 'linklocal', 'uniquelocal'].includes(host)) return bits === undefined;
  return isIP(host) !== 0 && (bits === undefined || /^\d{1,3}$/.test(bits));
}
