import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './config-error';

/**
 * The secret of a development machine: made on the first start, kept in `DATA_DIR` so that sign-ins survive a restart.
 * Two processes that start at once end with the same one. Throws `ConfigError` when the folder cannot be written.
 */
export function developmentSecret(dataDir: string): string {
  const file = join(dataDir, 'jwt-secret');
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(dataDir, { recursive: true });
    if (existsSync(file)) return readFileSync(file, 'utf8');
    // A link appears whole or not at all and fails when the name is taken: the first process to arrive decides.
    writeFileSync(draft, randomBytes(48).toString('base64'), { mode: 0o600 });
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new ConfigError(
        `DATA_DIR (${dataDir}) cannot be written (${(error as NodeJS.ErrnoException).code}): ` +
          'choose another folder with DATA_DIR=… or make it writable.',
      );
    }
  } finally {
    removeIfThere(draft);
  }
  return readFileSync(file, 'utf8');
}

/** Never throws: where there is no folder either, the fault that matters has been told already. */
function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Nothing to remove.
  }
}
