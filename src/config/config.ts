import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { ConfigError } from './config-error';
import { developmentSecret } from './development-secret';
import { surroundings } from './env-file';
import { settings, type Settings } from './settings';

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
  readonly redisPrefix: string;
  /** Absolute path of the folder that holds the embedded database, the ledger file and the development secret. */
  readonly dataDir: string;
  readonly accessTokenMinutes: number;
  readonly corsOrigins: readonly string[];
  readonly tickIntervalMs: number;
  readonly logLevel: Settings['LOG_LEVEL'];
  /** As Fastify takes it: whether or which proxies before us are believed about the caller's address. */
  readonly trustProxy: Settings['TRUST_PROXY'];
  /** False for load tests and trials: everybody may call as often as they like. */
  readonly rateLimits: boolean;
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
export function loadConfig(environment: NodeJS.ProcessEnv = surroundings()): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')} must be ${message}`);
    throw new ConfigError(
      `${faults.join('; ')}. Set it so in the environment or in .env (see .env.example).`,
    );
  }
  const wanted = parsed.data;
  const production = wanted.NODE_ENV === 'production';
  const dataDir = resolve(wanted.DATA_DIR);
  if (production && wanted.JWT_SECRET === undefined) {
    throw new ConfigError(
      'JWT_SECRET is missing: production needs one of 32 characters or more. Make one with: openssl rand -base64 48.',
    );
  }
  if (production && wanted.DEMO === true) {
    throw new ConfigError(
      'DEMO=true puts in accounts whose password everybody knows: take it away, or start without NODE_ENV=production.',
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
    redisPrefix: wanted.REDIS_PREFIX,
    dataDir,
    accessTokenMinutes: wanted.ACCESS_TOKEN_EXPIRE_MINUTES,
    corsOrigins: wanted.CORS_ORIGINS.split(',')
      .map((origin) => origin.trim())
      .filter(Boolean),
    tickIntervalMs: wanted.TICK_INTERVAL_MS,
    logLevel: wanted.LOG_LEVEL,
    trustProxy: wanted.TRUST_PROXY,
    rateLimits: wanted.RATE_LIMITS === 'on',
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
