import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunAs } from './cluster.ts';
import { explainFailure, logLength, saidSince } from './errors.ts';
import type { Place } from './place.ts';

const pollMs = 20;
const adoptedPollMs = 200;
const orphansPollMs = 100;
const orphansMs = 10_000;
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
  // pages are not compressed: the programs are built without lz4, and pglz is slow.
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
  for (let running = readPidFile(place); running?.process === 'server'; running = readPidFile(place)) {
    if (running.status === 'ready') return adopt(place, running);
    await delay(pollMs); // Starting: soon ready. Stopping: soon gone.
  }
  // The port that a crashed server had may be known to others, so it is tried first.
  const before = readPidFile(place)?.port;
  let port = before && (await isFree(before)) ? before : await freePort();
  for (const deadline = Date.now() + orphansMs; ; await delay(orphansPollMs)) {
    try {
      return await start(place, runAs, port);
    } catch (error) {
      if (Date.now() > deadline) throw error;
      // The helpers of a killed server take a moment to notice; PostgreSQL rightly refuses to start beside them.
      if ((error as Error).message.includes('shared memory block')) continue;
      // Between looking and taking, another program may have taken the port.
      if (await isFree(port)) throw error;
      port = await freePort();
    }
  }
}

/** Starts PostgreSQL on `port` and waits until it takes connections, as long as a recovery may need. */
export async function start(place: Place, runAs: RunAs, port: number): Promise<Postmaster> {
  // After a restart of the machine the number in the file may be some other program's, and PostgreSQL would refuse to start.
  // In all other cases the file stays: with it, PostgreSQL sees whether helpers of a dead server still touch the data.
  if (readPidFile(place)?.process === 'other') rmSync(join(place.cluster, 'postmaster.pid'), { force: true });
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
  const said = saidSince(place, logStart);
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
    while (whatRuns(place, running.pid) === 'server') await delay(adoptedPollMs);
  };
  return { pid: running.pid, port: running.port, gone: watch() };
}

type PidFile = { pid: number; port: number; status: string; process: 'server' | 'other' | 'none' };

/** What postmaster.pid says, and what the process is whose number it holds. */
function readPidFile(place: Place): PidFile | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(place.cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  return { pid, port: Number(lines[3]), status: lines[7]?.trim() ?? '', process: whatRuns(place, pid) };
}

/** Process numbers are used again, so being alive is not enough: the command line tells whose server it is, if it is one. */
function whatRuns(place: Place, pid: number): PidFile['process'] {
  try {
    // Readable by everybody, unlike the program or folder of a process of another user.
    const command =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        : execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return command.includes(`/postgres -D ${place.cluster} `) ? 'server' : 'other';
  } catch {
    return 'none';
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
