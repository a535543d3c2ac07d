import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '../../support/eventually';
import { freePort } from '../../support/free-port';

const ROOT = resolve(__dirname, '../../..');

export interface Server {
  readonly url: string;
  /** What it has written so far: its greeting, and warnings. */
  said(): string;
  /** Stops it as Ctrl-C does and removes its data. */
  stop(): Promise<void>;
}

/** Starts the built Tixline as a person would: a process of its own, embedded PostgreSQL, demo data, a free port of the loopback. */
export async function startServer(settings: Record<string, string> = {}): Promise<Server> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tixline-browser-'));
  // Root's PostgreSQL runs as another user, who must be able to get there.
  chmodSync(dataDir, 0o755);
  const port = await freePort();
  const child = spawn(process.execPath, [join(ROOT, 'dist/main.js')], {
    cwd: dataDir,
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      DATA_DIR: dataDir,
      DEMO: 'true',
      LOG_LEVEL: 'warn',
      // A whole crowd is one account here, and one address.
      RATE_LIMITS: 'off',
      TICK_INTERVAL_MS: '100',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (words: string) => (said += words));
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const url = `http://localhost:${port}`;
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    // The database stays up for a moment, in case somebody else wants it.
    await eventually(() => {
      if (existsSync(join(dataDir, 'postgres/postmaster.pid'))) throw new Error('PostgreSQL is still up');
    }, 15_000);
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`The server ended: ${said}`);
      const ready = await fetch(`${url}/health/ready`);
      if (!ready.ok) throw new Error(`Not ready: ${ready.status}. ${said}`);
    }, 30_000);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, said: () => said, stop };
}
