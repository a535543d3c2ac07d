import { accessSync, constants, mkdirSync } from 'node:fs';
import { ConfigError } from './config-error';

/** Makes the data folder when there is none. Throws `ConfigError` unless this process may write in it. */
export function makeDataDir(dataDir: string): void {
  try {
    // Others may pass through, as the embedded PostgreSQL of root must, but not look.
    mkdirSync(dataDir, { recursive: true, mode: 0o711 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unwritable(dataDir, error as NodeJS.ErrnoException);
  }
}

export function unwritable(dataDir: string, { code = 'unknown fault' }: NodeJS.ErrnoException): ConfigError {
  const cause = code === 'EEXIST' || code === 'ENOTDIR' ? 'a file stands in its place' : code;
  return new ConfigError(
    `the data folder ${dataDir} cannot be written (${cause}). Make it a folder that this user may write in, or choose another: DATA_DIR=/path npm start.`,
  );
}
