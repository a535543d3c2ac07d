import { execFile } from 'node:child_process';
import { cp, rm, stat, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Stage } from './stage';

/**
 * A backup of the running server, as its manual describes it (26.3.3, low-level API): what `pg_basebackup` does, which
 * the package that the tests have their PostgreSQL from does not hold.
 */
export async function backUp({ pool, postgres: { folder } }: Stage, target: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(`SELECT pg_backup_start('faults', true)`);
    // Files come and go meanwhile, of which cp complains: what they held is in the log of writes.
    await promisify(execFile)('cp', ['-a', folder, target]).catch(() => undefined);
    const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)');
    await cp(`${folder}/pg_wal`, `${target}/pg_wal`, { recursive: true, force: true });
    await writeFile(`${target}/backup_label`, rows[0]!.labelfile);
  } finally {
    client.release();
  }
  await rm(`${target}/postmaster.pid`, { force: true });
  const { uid, gid } = await stat(folder);
  await promisify(execFile)('chown', ['-R', `${uid}:${gid}`, target]);
}
