import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './config-error';
import { makeDataDir, unwritable } from './data-dir';

const LEAST_LENGTH = 32;

/**
 * The secret of a development machine: made on the first start, kept in `DATA_DIR` so that sign-ins survive a restart.
 * Two processes that start at once end with the same one. Throws `ConfigError` when the folder cannot be written, or
 * holds a secret too short to be ours.
 */
export function developmentSecret(dataDir: string): string {
  const file = join(dataDir, 'jwt-secret');
  makeDataDir(dataDir);
  let secret: string;
  try {
    if (!existsSync(file)) make(file);
    secret = readFileSync(file, 'utf8');
  } catch (error) {
    throw unwritable(dataDir, error as NodeJS.ErrnoException);
  }
  if (secret.length < LEAST_LENGTH) {
    throw new ConfigError(
      `${file} holds no whole secret. Remove it: a new one is made, and everybody signs in again.`,
    );
  }
  return secret;
}

function make(file: string): void {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, randomBytes(48).toString('base64'), { mode: 0o600, flush: true });
    // A link appears whole or not at all and fails when the name is taken: the first process to arrive decides.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    removeIfThere(draft);
  }
}

/** Never throws: where there is no folder either, the fault that matters has been told already. */
function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Nothing to remove.
  }
}
