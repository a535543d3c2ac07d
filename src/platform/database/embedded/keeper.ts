import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { prepareCluster, type RunAs } from './cluster.ts';
import { asEmbeddedPostgresError } from './errors.ts';
import type { Place } from './place.ts';
import { adoptOrStart, start, stop, type Postmaster } from './postmaster.ts';

/**
 * The keeper: a process of its own that owns the embedded PostgreSQL and lets it live exactly as long as somebody
 * uses it. Whoever uses it holds a connection to the keeper's socket; the system closes that connection however its
 * process ends, so a killed Tixline is noticed like one that said goodbye. There is one keeper to a data folder.
 *
 * It is started with its `Place` as JSON by `acquireEmbeddedPostgres`, in a session of its own, from dist/ as compiled
 * JavaScript and in tests from this file by Node's type stripping. That is why this file and those it imports name
 * their imports with `.ts` (the compiler rewrites it), mark imported types, and use no syntax that must be compiled.
 */

/** What the keeper tells its holders, one JSON object a line: each time the server is up, and once when it cannot be. */
export type KeeperWord = { ready: { port: number } } | { failed: { message: string; cure: string } };

/** Long enough for a restart of Tixline or the next command to find the server still up. */
const graceMs = 1_000;
const shortestPauseMs = 100;
const longestPauseMs = 2_000;
const unclaimedFailureMs = 5_000;

const place = JSON.parse(process.argv[2] ?? '') as Place;
const holders = new Set<Socket>();
let postmaster: Postmaster | undefined;
let word: KeeperWord | undefined;
let leaving = false;
let grace: NodeJS.Timeout | undefined;

process.umask(0o077);
// A service manager may signal every process at once. The server must outlast the draining of its holders.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

// Node has no flock. SQLite's exclusive transaction is a lock of the system that ends with this process, even a killed one.
const lock = new DatabaseSync(place.lockFile);
try {
  lock.exec('BEGIN EXCLUSIVE');
} catch (error) {
  if ((error as { errcode?: number }).errcode !== 5) throw error;
  process.exit(0); // Busy: another keeper has this folder.
}
// Also keeps the object in use: were it collected, the lock would open while the keeper lives.
process.once('exit', () => lock.close());

// Whoever held the lock before is gone, so a socket that is still there is nobody's.
rmSync(place.socket, { force: true });
const server = createServer(welcome);
server.listen(place.socket, () => void keep());

function welcome(holder: Socket): void {
  holder.on('error', () => undefined); // 'close' follows.
  if (leaving) {
    holder.end(); // Without a word: ask again when this keeper is gone.
    return;
  }
  clearTimeout(grace);
  holders.add(holder);
  holder.resume(); // Unread input would hide the end of the connection.
  holder.once('close', () => {
    holders.delete(holder);
    leaveWhenAlone();
  });
  if (word) tell(holder, word);
}

function tell(holder: Socket, what: KeeperWord): void {
  holder.write(JSON.stringify(what) + '\n');
}

function announce(what: KeeperWord): void {
  word = what;
  for (const holder of holders) tell(holder, what);
}

async function keep(): Promise<void> {
  try {
    const runAs = await prepareCluster(place);
    postmaster = await adoptOrStart(place, runAs);
    for (;;) {
      const { port } = postmaster;
      announce({ ready: { port } });
      leaveWhenAlone();
      await postmaster.gone;
      if (leaving) return;
      postmaster = await bringBack(runAs, port);
    }
  } catch (error) {
    const { message, cure } = asEmbeddedPostgresError('PostgreSQL did not start', error, place);
    console.error(`keeper: ${message} ${cure}`);
    postmaster = undefined;
    announce({ failed: { message, cure } });
    // Whoever started this keeper may not have connected yet.
    if (holders.size === 0) await delay(unclaimedFailureMs);
    leaveWhenAlone();
  }
}

/** Starts a server that died again, on the same port, which its users know; tries for as long as somebody waits for it. */
async function bringBack(runAs: RunAs, port: number): Promise<Postmaster> {
  word = undefined;
  for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    console.error(`keeper: PostgreSQL ended; starting it again in ${pauseMs} ms`);
    await delay(pauseMs);
    if (holders.size === 0) leave();
    try {
      return await start(place, runAs, port);
    } catch (error) {
      console.error(`keeper: ${(error as Error).message}`);
    }
  }
}

function leaveWhenAlone(): void {
  // While the server is starting there is nothing to stop yet; this is asked again when it is up.
  if (holders.size > 0 || !word || leaving) return;
  clearTimeout(grace);
  grace = setTimeout(() => void stopAndLeave(), 'failed' in word ? 0 : graceMs);
}

async function stopAndLeave(): Promise<void> {
  if (holders.size > 0 || !word) return;
  leaving = true;
  if (postmaster) await stop(postmaster);
  leave();
}

function leave(): never {
  rmSync(place.socket, { force: true });
  process.exit(0);
}
