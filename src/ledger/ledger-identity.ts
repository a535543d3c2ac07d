import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The name under which the database knows the ledger file of this folder; `undefined` when none was ever written here.
 * It is kept beside the file and not made of its path: two machines have the same path and different disks, and with one
 * cursor for both each would take the other's progress for its own.
 */
export async function readIdentity(folder: string): Promise<string | undefined> {
  try {
    return (await readFile(fileOf(folder), 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The same, and makes one when there is none. Of two processes that do so at once both end with the same. */
export async function makeIdentity(folder: string): Promise<string> {
  const known = await readIdentity(folder);
  if (known !== undefined) return known;
  await mkdir(folder, { recursive: true });
  // Not the process's number: containers that share a folder may all be process 1.
  const draft = `${fileOf(folder)}.${randomUUID()}`;
  await writeFile(draft, randomUUID(), { flush: true });
  try {
    // A link appears whole or not at all, and fails when the name is taken: the first process decides.
    await link(draft, fileOf(folder));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return (await readIdentity(folder))!;
}

const fileOf = (folder: string): string => join(folder, 'transactions.id');
