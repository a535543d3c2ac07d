import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunAs } from './cluster.ts';
import { explainFailure, logLength, saidSince } from './errors.ts';
import type { Place } from './place.ts';

const pollMs = 20;
const adoptedPollMs = 200;
const patienceMs = 60_000;

/** A running PostgreSQL that takes connections. `gone` settles when its main process has ended, for whatever reason. */
export type Postmaster = { pid: number; port: number; gone: Promise<void> };

/**
 * What differs from PostgreSQL's defaults, for a small machine under a rush of inserts. Durability stays on. Given on
 * the command line at each start, so that a new version of Tixline brings its own settings to old data.
 */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  cluster_name: 'tixline',
  max_connections: 100,
  shared_buffers: '256MB',
  fsync: 'on',
  synchronous_commit: 'on',
  // A rush fills the log fast, and after each checkpoint every page goes into it whole again: so checkpoints are rare. Those
  // pages are not compressed: the programs are built without lz4, and pglz costs more processor time than it saves.
  max_wal_size: '2GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  wal_compression: 'off',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Statements and details hold names and addresses of buyers, which have no place in a log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

/** Takes over the PostgreSQL that still runs on this folder, or starts one. Throws `EmbeddedPostgresError`. */
export async function adoptOrStart(place: Place, runAs: RunAs): Promise<Postmaster> {
  for (let running = readPidFile(place); running?.alive; running = readPidFile(place)) {
    if (running.status === 'ready') return adopt(place, running);
    await delay(pollMs); // Starting: soon ready. Stopping: soon gone.
  }
  // The port that a crashed server had may be known to others, so it is tried first.
  const before = readPidFile(place)?.port;
  const firstPort = before && (await isFree(before)) ? before : await freePort();
  try {
    return await start(place, runAs, firstPort);
  } catch (error) {
    // Between looking and taking, another program may have taken the port.
    if (await isFree(firstPort)) throw error;
    return start(place, runAs, await freePort());
  }
}

/** Starts PostgreSQL on `port` and waits until it takes connections, as long as a recovery may need. */
export async function start(place: Place, runAs: RunAs, port: number): Promise<Postmaster> {
  // PostgreSQL itself refuses when the number in a stale file now belongs to any other process of the same user.
  if (readPidFile(place)?.alive === false) rmSync(join(place.cluster, 'postmaster.pid'), { force: true });
  const logStart = logLength(place);
  const flags = Object.entries({ ...settings, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(join(place.programs, 'postgres'), ['-D', place.cluster, ...flags], {
    ...runAs,
    cwd: place.cluster,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  let ended: string | undefined;
  const gone = new Promise<void>((settle) => {
    const end = (how: string) => {
      ended = how;
      settle();
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(`it ended with ${signal ?? `code ${code}`}`));
  });
  while (ended === undefined) {
    const now = readPidFile(place);
    if (now && now.pid === child.pid && now.status === 'ready') return { pid: now.pid, port, gone };
    await delay(pollMs);
  }
  const said = await saidSince(place, logStart);
  throw explainFailure('PostgreSQL did not start', said || ended, place);
}

/** Stops PostgreSQL: open transactions are rolled back, everything committed is written out. Ends when it is gone. */
export async function stop(postmaster: Postmaster): Promise<void> {
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(postmaster.pid, name);
    } catch {
      // Already gone.
    }
  };
  signal('SIGINT');
  // A disk that no longer answers must not keep the process for ever; the next start then recovers from the log.
  const lastResort = setTimeout(() => signal('SIGQUIT'), patienceMs);
  await postmaster.gone;
  clearTimeout(lastResort);
}

async function adopt(place: Place, running: { pid: number; port: number }): Promise<Postmaster> {
  const watch = async () => {
    while (isPostmasterOf(place, running.pid)) await delay(adoptedPollMs);
  };
  return { pid: running.pid, port: running.port, gone: watch() };
}

type PidFile = { pid: number; port: number; status: string; alive: boolean };

/** What postmaster.pid says, and whether the process it names is alive and PostgreSQL on this folder. */
function readPidFile(place: Place): PidFile | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(place.cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  return { pid, port: Number(lines[3]), status: lines[7]?.trim() ?? '', alive: isPostmasterOf(place, pid) };
}

/** Process numbers are used again, so being alive is not enough: PostgreSQL's main process works in its data folder. */
function isPostmasterOf(place: Place, pid: number): boolean {
  if (!(pid > 1)) return false;
  try {
    if (process.platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`) === place.cluster;
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(
      place.cluster,
    );
  } catch {
    return false;
  }
}

/** Listens for a moment on a port of the loopback address (0: any) and answers which it was. */
function tryPort(port: number): Promise<number> {
  return new Promise((settle, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(port, '127.0.0.1', () => {
      const taken = probe.address();
      probe.close(() => settle(typeof taken === 'object' && taken ? taken.port : port));
    });
  });
}

function freePort(): Promise<number> {
  return tryPort(0);
}

function isFree(port: number): Promise<boolean> {
  return tryPort(port).then(
    () => true,
    () => false,
  );
}
