import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ownFolder } from '../../support/tixline-process';

const PROGRAM = resolve(__dirname, '../../../dist/main.js');
const STOP_LIMIT_MS = 5_000;

describe('a log that cannot be written, its disk is full', () => {
  const folder = ownFolder();
  afterAll(() => folder.remove());

  it('does not end the process, nor keep it from ending', async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [PROGRAM], {
      cwd: folder.path,
      stdio: ['ignore', full, 'ignore'],
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        ROLE: 'worker',
        JWT_SECRET: 'a-secret-of-one-test-0123456789-abcdefghijklmnopqrstuvwxyz',
        DATA_DIR: folder.path,
        // Nobody is there: it says so in its log, and waits.
        DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:1/none',
      },
    });
    closeSync(full);
    const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    try {
      await delay(4_000);
      expect([child.exitCode, child.signalCode]).toEqual([null, null]);
      child.kill('SIGTERM');
      const end = await Promise.race([ended, delay(STOP_LIMIT_MS, 'it still runs', { ref: false })]);
      expect(end).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
