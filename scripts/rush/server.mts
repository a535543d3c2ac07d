/** A Tixline of one's own: in a temporary folder, on a free port, gone afterwards. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

export interface OwnServer {
  readonly baseUrl: string;
  readonly environment: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** Starts Tixline, with its line on `redisUrl` when that is given, and waits until it is ready. */
export async function startServer(redisUrl: string | undefined): Promise<OwnServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tixline-rush-'));
  chmodSync(dataDir, 0o755);
  const port = await freePort();
  const environment = {
    ...process.env,
    DATA_DIR: dataDir,
    PORT: String(port),
    DATABASE_URL: '',
    REDIS_URL: redisUrl ?? '',
    // Its events are numbered from 1, as those of another Tixline on the same Redis are.
    REDIS_PREFIX: `tixline-rush-${randomUUID()}`,
    LOG_LEVEL: 'warn',
  };
  const server = spawn(process.execPath, [join(ROOT, 'dist/main.js')], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<void>((done) => server.once('exit', () => done()));
  const baseUrl = `http://127.0.0.1:${port}`;
  await untilReady(baseUrl, server);
  return {
    baseUrl,
    environment,
    async stop() {
      server.kill('SIGTERM');
      await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
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

async function untilReady(baseUrl: string, server: { exitCode: number | null }): Promise<void> {
  for (let i = 0; i < 300; i += 1) {
    if (server.exitCode !== null) throw new Error('the server ended before it was ready');
    const ready = await fetch(`${baseUrl}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error('the server was not ready within 30 s');
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => done(port));
    });
  });
}
