import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { z } from 'zod';
import { ConfigError } from './config-error';
import { developmentSecret } from './development-secret';

const flag = z
  .enum(['true', 'false', 'on', 'off', '1', '0'])
  .transform((word) => word === 'true' || word === 'on' || word === '1');

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, `a whole number from ${least} to ${most}`)
    .transform(Number)
    .pipe(z.number().min(least).max(most));

/** Every setting, with its default. `.env.example` lists them in the same order. */
const settings = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  PORT: whole(0, 65_535).default(3000),
  HOST: z.string().optional(),
  APP_URL: z.url().optional(),
  APP_NAME: z.string().min(1).default('Tixline'),
  ROLE: z.enum(['all', 'api', 'worker']).default('all'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'postgres://user:password@host:5432/name')
    .optional(),
  DATABASE_POOL: whole(2, 200).default(12),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'redis://host:6379')
    .optional(),
  DATA_DIR: z.string().min(1).default('data'),
  JWT_SECRET: z.string().min(32, '32 characters or more').optional(),
  ACCESS_TOKEN_EXPIRE_MINUTES: whole(1, 1_440).default(15),
  CORS_ORIGINS: z.string().default(''),
  TICK_INTERVAL_MS: whole(10, 60_000).default(500),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  TRUST_PROXY: z.string().default(''),
  DEMO: flag.optional(),
});

type Settings = z.infer<typeof settings>;

/** What the rest of the program knows of its surroundings: parsed, typed, with units in the names. */
export interface Config {
  readonly production: boolean;
  readonly role: Settings['ROLE'];
  readonly port: number;
  readonly host: string;
  readonly appUrl: string;
  readonly appName: string;
  readonly databaseUrl: string | undefined;
  readonly databasePool: number;
  readonly redisUrl: string | undefined;
  /** Absolute path of the folder that holds the embedded database, the ledger file and the development secret. */
  readonly dataDir: string;
  readonly accessTokenMinutes: number;
  readonly corsOrigins: readonly string[];
  readonly tickIntervalMs: number;
  readonly logLevel: Settings['LOG_LEVEL'];
  readonly trustProxy: string | undefined;
  readonly demo: boolean;
  /** Keys for one purpose each, derived from JWT_SECRET, so that no token can pass for one of another kind. */
  readonly keys: {
    readonly access: KeyObject;
    readonly ticket: KeyObject;
    readonly mark: KeyObject;
    readonly board: KeyObject;
  };
}

/** Injection token of the one `Config` of a process. */
export const CONFIG = Symbol('CONFIG');

/**
 * Reads the settings once, at start.
 * Throws `ConfigError` that names every faulty setting and the cure; values are never repeated, they may be secrets.
 */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')} (${issue.message})`);
    throw new ConfigError(`Wrong setting: ${faults.join('; ')}. See .env.example.`);
  }
  const wanted = parsed.data;
  const production = wanted.NODE_ENV === 'production';
  const dataDir = resolve(wanted.DATA_DIR);
  if (production && wanted.JWT_SECRET === undefined) {
    throw new ConfigError(
      'JWT_SECRET is missing: production needs one of 32 characters or more (openssl rand -base64 48).',
    );
  }
  if (production && wanted.DEMO === true) {
    throw new ConfigError(
      'DEMO=true puts accounts with a known password in: it cannot be used in production.',
    );
  }
  const secret = wanted.JWT_SECRET ?? developmentSecret(dataDir);
  return {
    production,
    role: wanted.ROLE,
    port: wanted.PORT,
    host: wanted.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    appUrl: (wanted.APP_URL ?? `http://localhost:${wanted.PORT}`).replace(/\/$/, ''),
    appName: wanted.APP_NAME,
    databaseUrl: wanted.DATABASE_URL,
    databasePool: wanted.DATABASE_POOL,
    redisUrl: wanted.REDIS_URL,
    dataDir,
    accessTokenMinutes: wanted.ACCESS_TOKEN_EXPIRE_MINUTES,
    corsOrigins: wanted.CORS_ORIGINS.split(',')
      .map((origin) => origin.trim())
      .filter(Boolean),
    tickIntervalMs: wanted.TICK_INTERVAL_MS,
    logLevel: wanted.LOG_LEVEL,
    trustProxy: wanted.TRUST_PROXY || undefined,
    demo: wanted.DEMO ?? !production,
    keys: {
      access: keyFor('access', secret),
      ticket: keyFor('ticket', secret),
      mark: keyFor('mark', secret),
      board: keyFor('board', secret),
    },
  };
}

/** One key per purpose out of one secret (RFC 5869). */
function keyFor(purpose: string, secret: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, 'tixline', purpose, 32)));
}
