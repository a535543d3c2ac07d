import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError } from './config-error';

/** Makes the data folder when there is none. Throws `ConfigError` unless this process may write in it. */
export function makeDataDir(dataDir: string): void {
  try {
    makeFolder(dataDir);
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unwritable(dataDir, error as NodeJS.ErrnoException);
  }
}

/** One by one: Node's own recursive way never ends where a parent exists and takes no folders (/proc). */
function makeFolder(path: string): void {
  if (isFolder(path)) return;
  makeFolder(dirname(path));
  try {
    // Others may pass through, as the embedded PostgreSQL of root must, but not look.
    mkdirSync(path, { mode: 0o711 });
  } catch (error) {
    // Another process that starts may have been faster.
    if (!isFolder(path)) throw error;
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

export function unwritable(dataDir: string, { code = 'unknown fault' }: NodeJS.ErrnoException): ConfigError {
  const cause = code === 'EEXIST' || code === 'ENOTDIR' ? 'a file stands in its place' : code;
  return new ConfigError(
    `the data folder ${dataDir} cannot be written (${cause}). Make it a folder that this user may write in, or choose another: DATA_DIR=/path npm start.`,
  );
}
