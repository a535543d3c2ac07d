/** A Tixline of one's own: in a temporary folder, on a free port, gone afterwards. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  answers,
  freePort,
  NODE_FLAGS,
  ownFolder,
  startProcess,
  type OwnProcess,
  type Ready,
} from './own-process.mts';

const POSTGRES_STOP_MS = 15_000;
const ROOT = resolve(import.meta.dirname, '../..');

export interface OwnTixline extends OwnProcess {
  readonly baseUrl: string;
  readonly port: number;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Starts Tixline as its users do and waits until it is ready; a worker has no address to ask, so whoever starts one says
 * how to tell. `settings` go before ours; with a DATA_DIR among them it uses that folder and leaves it there, so that
 * several processes can share one.
 */
export async function startTixline(
  settings: Record<string, string> = {},
  isReady?: Ready,
): Promise<OwnTixline> {
  const folder = settings.DATA_DIR === undefined ? ownFolder() : undefined;
  const port = await freePort();
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    ...(folder && { DATA_DIR: folder.path }),
    PORT: String(port),
    DATABASE_URL: '',
    REDIS_URL: '',
    // Its events are numbered from 1, as those of another Tixline on the same Redis are.
    REDIS_PREFIX: `tixline-own-${randomUUID()}`,
    LOG_LEVEL: 'warn',
    RATE_LIMITS: 'off',
    ...settings,
  };
  const baseUrl = `http://127.0.0.1:${port}`;
  const ready = isReady ?? answers(`${baseUrl}/health/ready`);
  const program = [...NODE_FLAGS, join(ROOT, 'dist/main.js')];
  const server = await startProcess(process.execPath, program, environment, ready);
  return {
    ...server,
    baseUrl,
    port,
    environment,
    async stop() {
      await server.stop();
      if (folder === undefined) return;
      await postgresStopped(folder.path);
      folder.remove();
    },
  };
}

/**
 * Waits until the embedded PostgreSQL of a folder has gone, which it does a second after its last user; to be done before
 * the folder is taken away from under it.
 */
export async function postgresStopped(dataDir: string): Promise<void> {
  // Its own file, and the socket of the process that keeps it, which goes last.
  const signs = ['postgres/postmaster.pid', 'postgres.sock'].map((name) => join(dataDir, name));
  for (const giveUpAt = performance.now() + POSTGRES_STOP_MS; performance.now() < giveUpAt; await delay(50))
    if (!signs.some((path) => existsSync(path))) return;
}

/** Runs the command line beside a server. Answers what it printed; `ok` is whether it ended with 0. */
export function tixline(
  args: string[],
  environment: NodeJS.ProcessEnv,
): Promise<{ ok: boolean; text: string }> {
  return new Promise((done) => {
    const command = spawn(process.execPath, [join(ROOT, 'dist/cli/main.js'), ...args], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    command.stdout.on('data', (chunk) => (text += chunk));
    command.stderr.on('data', (chunk) => (text += chunk));
    command.on('close', (code) => done({ ok: code === 0, text }));
  });
}
