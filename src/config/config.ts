import type { KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { ConfigError } from './config-error';
import { developmentSecret } from './development-secret';
import { surroundings } from './env-file';
import { keyFor, keyRing, type KeyRing } from './keys';
import { faultsInProduction } from './production';
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
  /** Whether the API reference is served. */
  readonly docs: boolean;
  /** What /metrics asks for. Without one it is open on a development machine, and in production not served. */
  readonly metricsToken: string | undefined;
  /** Whether browsers send our cookies over TLS alone. */
  readonly secureCookies: boolean;
  /** Keys for one purpose each, derived from JWT_SECRET, so that no token can pass for one of another kind. */
  readonly keys: Readonly<Record<'access' | 'ticket' | 'board', KeyRing>> & {
    /** For buyers' marks at a first start only: later the database has it, and it stays (see `Marks`); and for the names of rate limits. */
    readonly mark: KeyObject;
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
  const unsafe = production ? faultsInProduction(wanted) : [];
  if (unsafe.length > 0) throw new ConfigError(unsafe.join(' '));
  const secret = wanted.JWT_SECRET ?? developmentSecret(dataDir);
  const ring = (purpose: string) => keyRing(purpose, secret, wanted.JWT_SECRET_PREVIOUS);
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
    docs: wanted.DOCS ?? !production,
    metricsToken: wanted.METRICS_TOKEN,
    // A browser would never send a secure cookie back to http: who says http gets it without.
    secureCookies: wanted.APP_URL === undefined ? production : wanted.APP_URL.startsWith('https:'),
    keys: {
      access: ring('access'),
      ticket: ring('ticket'),
      board: ring('board'),
      mark: keyFor('mark', secret),
    },
  };
}
