/** The baseline from outside: its server, its queue's brake and how many jobs it has settled. */
import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createPostgresBackend, Queue, setDefaultBackendFactory, type ConnectionOptions } from 'bullmq';
import { Pool } from 'pg';
import { ownFolder } from '../servers/own-process.mts';
import { startApp } from './apps.mts';
import { wireRequest, type LoadClient } from './load.mts';
import { askBody } from './tixline.mts';

const BUYERS = 5_000;
const SECRET = 'the secret of the baseline, of a usual length';

/**
 * How it is written. `string`: as usually, the secret handed to `@nestjs/jwt` as text, the worker in the process of the API.
 * `object`: the secret a KeyObject. `apart`: that, and the worker a process of its own.
 */
export type Manner = 'string' | 'object' | 'apart';

export interface Baseline {
  readonly port: number;
  /** The name of its prepared requests. */
  readonly requests: string;
  /** Jobs settled so far. */
  settled(): Promise<number>;
  /** Jobs that nobody has begun. */
  waiting(): Promise<number>;
  /** Throws away who waits, and waits for the jobs under way. */
  empty(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it with a new database on the server of `adminUrl`, and its queue on Redis when there is one. */
export async function startBaseline(
  manner: Manner,
  {
    adminUrl,
    redisUrl,
    load,
    node,
  }: { adminUrl: string; redisUrl: string | undefined; load: LoadClient; node: string | undefined },
): Promise<Baseline> {
  const folder = ownFolder();
  const database = `baseline_${manner}`;
  const admin = new Pool({ connectionString: adminUrl, max: 1 });
  await admin.query(`CREATE DATABASE ${database}`);
  await admin.end();
  const url = new URL(adminUrl);
  url.pathname = database;
  const settings = {
    JWT_SECRET: SECRET,
    JWT_KEY: manner === 'string' ? 'string' : 'object',
    ROLE: manner === 'apart' ? 'api' : 'all',
    DATABASE_URL: url.href,
    REDIS_URL: redisUrl ?? '',
    CSV_FILE: `${folder.path}/transactions.csv`,
  };
  const app = await startApp('baseline', settings, '/tickets', node);
  const worker =
    manner === 'apart' ? await startApp('baseline', { ...settings, ROLE: 'worker' }, '/', node) : undefined;
  const pool = new Pool({ connectionString: url.href, max: 2, options: '-c search_path=public,bullmq' });
  pool.on('error', () => undefined);
  const connection = (redisUrl === undefined ? pool : { url: redisUrl }) as unknown as ConnectionOptions;
  if (redisUrl === undefined) setDefaultBackendFactory(createPostgresBackend);
  const queue = new Queue('tickets', { connection });
  const requests = `baseline, ${manner}`;
  load.prepare(
    requests,
    Array.from({ length: BUYERS }, (_, i) => ask(i)),
  );
  return {
    port: app.port,
    requests,
    async settled() {
      const { rows } = await pool.query<{ count: number }>(`SELECT count(*)::int AS count FROM orders`);
      return rows[0]!.count;
    },
    waiting: () => queue.getJobCountByTypes('waiting', 'prioritized'),
    async empty() {
      await queue.drain();
      while ((await queue.getActiveCount()) > 0) await delay(20);
    },
    async stop() {
      await app.stop();
      await worker?.stop();
      await queue.close();
      await pool.end();
      folder.remove();
    },
  };
}

function ask(nth: number): string {
  return wireRequest('POST', '/tickets', { authorization: `Bearer ${token(nth + 1)}` }, askBody(1, nth));
}

/** A token as `@nestjs/jwt` makes it. */
function token(userId: number): string {
  const now = Math.floor(Date.now() / 1_000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: String(userId), role: 'attendee', iat: now, exp: now + 86_400 })}`;
  return `${claims}.${createHmac('sha256', SECRET).update(claims).digest('base64url')}`;
}
