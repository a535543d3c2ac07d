import { resolve } from 'node:path';
import { loadEnvFile } from 'node:process';
import { ConfigError } from './config-error';

/**
 * The surroundings of this process: its environment, and what `.env` in the working folder adds to it. What is set
 * already stays as it is. Throws `ConfigError` when there is such a file and it cannot be read.
 */
export function surroundings(): NodeJS.ProcessEnv {
  try {
    loadEnvFile('.env');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') {
      throw new ConfigError(
        `${resolve('.env')} cannot be read (${code}): make it a readable file, or move it away.`,
      );
    }
  }
  return process.env;
}
