/** Servers that a script starts for itself, and that end with it. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * As `npm start` and the Dockerfile start Node. Left to itself its young generation grows to 64 MB on a machine with much
 * memory, which brings nothing and takes 200 MB (docs/performance.md).
 */
export const NODE_FLAGS = ['--max-semi-space-size=16'];

const PATIENCE_MS = 30_000;
const STOP_MS = 30_000;

export interface OwnProcess {
  readonly pid: number;
  /** Ends it as an operator would, and waits until it is gone. */
  stop(): Promise<void>;
}

/** Whether a process that was started is ready; a rejection means not yet. */
export type Ready = (pid: number) => Promise<boolean>;

/** Starts a program and waits until `isReady`. Throws when it ends before, or is not ready within 30 s. */
export async function startProcess(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  isReady: Ready,
): Promise<OwnProcess> {
  const child = spawn(program, args, { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  const gone = new Promise<void>((done) => {
    child.once('exit', () => done());
    child.once('error', () => done());
  });
  const stop = async () => {
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await gone;
    clearTimeout(force);
  };
  try {
    await untilReady(program, child, isReady);
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: child.pid!, stop };
}

async function untilReady(program: string, child: ChildProcess, isReady: Ready): Promise<void> {
  for (const giveUpAt = performance.now() + PATIENCE_MS; performance.now() < giveUpAt;) {
    if (child.exitCode !== null || child.pid === undefined)
      throw new Error(`${program} ended before it was ready`);
    if (await isReady(child.pid).catch(() => false)) return;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  throw new Error(`${program} was not ready within ${PATIENCE_MS / 1_000} s`);
}

/** Whether an address answers with a status that says yes. */
export function answers(url: string): Ready {
  return () => fetch(url).then((answer) => answer.ok);
}

/** A port of the loopback address that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => done(port));
    });
  });
}

/** An empty folder of one's own that PostgreSQL's user can reach. */
export function ownFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'tixline-own-'));
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Whether this machine has the program `redis-server`. */
export function hasRedisServer(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}
