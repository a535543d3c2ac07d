import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import {
  asEmbeddedPostgresError,
  EmbeddedPostgresError,
  explainFailure,
  logLength,
  saidSince,
} from './errors.ts';
import type { KeeperWord } from './keeper.ts';
import type { Place } from './place.ts';

const betweenTriesMs = 25;
const betweenReturnsMs = 1_000;
const patienceMs = 90_000;
const silenceMs = 5_000;

/** A hold on the server of a data folder: while one exists in any process, the server runs. */
export type Hold = { port: number; release: () => Promise<void> };

type Line = { socket: Socket; port: number };

/**
 * Takes a hold on the server of this place, starting a keeper when there is none. A keeper that dies is replaced while
 * the hold lasts; the new one takes over the running server. Throws `EmbeddedPostgresError`.
 */
export async function holdServer(place: Place, log: (message: string) => void): Promise<Hold> {
  let line = await reachKeeper(place, log);
  const { port } = line;
  let released = false;

  const watch = () => line.socket.once('close', () => void comeBack());
  const comeBack = async () => {
    if (!released) log('The keeper of the embedded PostgreSQL is gone; another one takes over.');
    while (!released) {
      try {
        line = await reachKeeper(place, log);
        if (line.port !== port)
          log(`The embedded PostgreSQL moved to port ${line.port}: start Tixline again.`);
        if (released) line.socket.destroy();
        else watch();
        return;
      } catch (error) {
        const { message, cure } = asEmbeddedPostgresError('No other keeper could be started', error, place);
        log(`${message} ${cure}`);
        await delay(betweenReturnsMs, undefined, { ref: false });
      }
    }
  };
  watch();

  const release = async () => {
    released = true;
    line.socket.destroy();
  };
  return { port, release };
}

/** Connects to the keeper, starting one if need be, and waits until the server is up, as long as a recovery may take. */
async function reachKeeper(place: Place, log: (message: string) => void): Promise<Line> {
  const logStart = logLength(place);
  const deadline = Date.now() + patienceMs;
  const stillStarting = setInterval(() => log('The embedded PostgreSQL is still starting.'), silenceMs);
  let keeper: ChildProcess | undefined;
  try {
    while (Date.now() < deadline) {
      const answer = await askKeeper(place);
      if (typeof answer === 'object') return answer;
      if (keeper?.exitCode || keeper?.signalCode) break;
      // One that ended in peace found another keeper at work, which may be gone by now.
      if (answer === 'absent' && (!keeper || keeper.exitCode === 0)) keeper = startKeeper(place);
      await delay(betweenTriesMs);
    }
  } catch (error) {
    throw asEmbeddedPostgresError('The embedded PostgreSQL did not start', error, place);
  } finally {
    clearInterval(stillStarting);
  }
  throw explainFailure(
    'The keeper of the embedded PostgreSQL did not start',
    saidSince(place, logStart) || `it ended with ${keeper?.signalCode ?? 'no word'}`,
    place,
  );
}

/** One try. `absent`: nobody listens. `leaving`: a keeper is there and about to end. Throws what the keeper reports. */
async function askKeeper(place: Place): Promise<Line | 'absent' | 'leaving'> {
  const socket = connect(place.socket);
  let fault: NodeJS.ErrnoException | undefined;
  const word = await new Promise<KeeperWord | undefined>((settle) => {
    socket.once('close', () => settle(undefined));
    createInterface(socket)
      .on('error', (error) => (fault = error)) // The socket's; its 'close' follows.
      .once('line', (text) => settle(JSON.parse(text) as KeeperWord));
  });
  if (word && 'failed' in word) {
    socket.destroy();
    throw new EmbeddedPostgresError(word.failed.message, word.failed.cure);
  }
  if (word) {
    // Holding the server is no reason for a process to stay alive that has nothing left to do.
    return { socket: socket.unref(), port: word.ready.port };
  }
  if (fault?.code === 'EACCES' || fault?.code === 'EPERM') {
    throw new EmbeddedPostgresError(
      `The embedded PostgreSQL of ${place.dataDir} was started by another user.`,
      'Start Tixline as that user, or point DATA_DIR at a folder of your own.',
    );
  }
  return fault?.code === 'ENOENT' || fault?.code === 'ECONNREFUSED' ? 'absent' : 'leaving';
}

/** Starts a keeper in a session of its own, so that neither Ctrl-C nor the end of this process reaches it. */
function startKeeper(place: Place): ChildProcess {
  const keeperFile = join(__dirname, `keeper${extname(__filename)}`);
  const output = openSync(place.logFile, 'a', 0o600);
  try {
    const keeper = spawn(process.execPath, ['--no-warnings', keeperFile, JSON.stringify(place)], {
      cwd: place.dataDir,
      detached: true,
      stdio: ['ignore', output, output],
      // Not ours: it holds secrets, and NODE_OPTIONS or PG… of a developer would change how the two behave.
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    });
    keeper.on('error', () => undefined); // Shows as a keeper that never answers.
    keeper.unref();
    return keeper;
  } finally {
    closeSync(output);
  }
}
