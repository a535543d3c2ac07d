import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { CONFIG, type Config } from '../config/index';
import { Database } from '../platform/database/index';
import { csvLines, HEADER } from './csv-format';
import { makeIdentity, readIdentity } from './ledger-identity';
import {
  AWAIT_CURSOR,
  HOLD_CURSOR,
  MAKE_CURSOR,
  MOVE_CURSOR,
  NAMES_NOW,
  NEXT_ENTRIES,
  type LedgerRow,
} from './ledger.sql';

const FILE = 'transactions.csv';
const DRAFT = `${FILE}.new-`;
/** It holds names and e-mails: for its owner, and for whom they put into its group. */
const MODE = 0o640;
const ROWS_AT_ONCE = 5_000;
/** Made into text in one go: in a process that also answers requests, those wait meanwhile, two or three milliseconds. */
const ROWS_IN_A_PIECE = 500;

interface Cursor {
  txid: string;
  id: string;
  bytes: number;
  /** Which names the file shows. */
  names: number;
}

const START = { txid: '0', id: '0', bytes: 0 };

/**
 * `transactions.csv`, a projection of the ledger: its bytes follow from the ledger's rows and the names of its people
 * alone. When one of those changes, which is when somebody is erased, the file is written anew.
 *
 * How far it has got, in rows and in bytes, stands in the database. Lines are written at exactly that byte, forced to
 * the disk, and only then is the cursor moved, so that after any crash the next writer goes over the same bytes again:
 * a torn or doubled tail is written over. The cursor's row is locked meanwhile, so there is one writer of a file however
 * many workers run; one that lost its lock can only write what the next one writes too, or into a file that another has
 * taken the place of. Workers with disks of their own have a whole file each.
 */
@Injectable()
export class LedgerFile {
  readonly path: string;
  private readonly folder: string;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly database: Database,
  ) {
    this.folder = config.dataDir;
    this.path = join(this.folder, FILE);
  }

  /** The name of this file's cursor in the database; `undefined` when it was never written here. */
  cursorName(): Promise<string | undefined> {
    return readIdentity(this.folder);
  }

  /**
   * Brings the file up to date. Answers how many rows it wrote; 0 too when another process is writing it. Rejects when
   * the file cannot be written (disk full, no permission): nothing is lost, the next call goes on from the same place.
   */
  async catchUp(): Promise<number> {
    const name = await makeIdentity(this.folder);
    let total = 0;
    for (;;) {
      const written = await this.database.transaction((client) => this.step(client, name));
      total += written;
      if (written < ROWS_AT_ONCE) return total;
    }
  }

  /** Writes the whole file anew beside the old one and puts it in its place. Answers how many rows it holds. */
  async rebuild(): Promise<number> {
    const name = await makeIdentity(this.folder);
    return this.database.transaction(async (client) => {
      await client.query(MAKE_CURSOR, [name]);
      await client.query(AWAIT_CURSOR, [name]);
      return this.writeAnew(client, name, await namesNow(client));
    });
  }

  private async writeAnew(client: PoolClient, name: string, names: number): Promise<number> {
    // A draft of one's own: a writer that slept through the loss of its lock must not go on in its successor's.
    await this.removeDrafts();
    const draft = join(this.folder, DRAFT + randomUUID());
    const file = await open(draft, 'wx', MODE);
    let cursor: Cursor = { ...START, names };
    let total = 0;
    try {
      for (;;) {
        const rows = await next(client, cursor);
        cursor = await append(file, cursor, rows);
        total += rows.length;
        if (rows.length < ROWS_AT_ONCE) break;
      }
      await file.datasync();
    } finally {
      await file.close();
    }
    // Before the file takes its place: without the lock this fails.
    await move(client, name, cursor);
    await rename(draft, this.path);
    // Or the old file, with the old names, may be back after a power cut.
    await syncFolder(this.folder);
    return total;
  }

  /** What writers left that were killed, or lost their lock. */
  private async removeDrafts(): Promise<void> {
    for (const name of await readdir(this.folder))
      if (name.startsWith(DRAFT)) await rm(join(this.folder, name), { force: true });
  }

  private async step(client: PoolClient, name: string): Promise<number> {
    await client.query(MAKE_CURSOR, [name]);
    const held = await client.query<Cursor>(HOLD_CURSOR, [name]);
    let cursor = held.rows[0];
    if (cursor === undefined) return 0;
    const names = await namesNow(client);
    if (cursor.names !== names) return this.writeAnew(client, name, names);
    // Opened before the rows are read, which takes the lock: whoever loses it before that reads nothing, and whoever loses it
    // after that holds a file which a successor with other names takes the place of.
    const file = await openOrMake(this.path);
    try {
      const { size } = await file.stat();
      // Shorter than what was written once: the file was cut, moved away or never came back. It is written from the start.
      if (size < cursor.bytes) cursor = { ...START, names };
      const rows = await next(client, cursor);
      if (rows.length === 0 && size === cursor.bytes && size > 0) return 0;
      // Whatever stands behind (a torn line, say) was never part of the ledger. Cut before writing: a writer that slept
      // through the loss of its lock may write over what its successor wrote, which is the same, but not cut it off.
      if (size > cursor.bytes) await file.truncate(cursor.bytes);
      const after = await append(file, cursor, rows);
      await file.datasync();
      await move(client, name, after);
      return rows.length;
    } finally {
      await file.close();
    }
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function openOrMake(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return open(path, 'wx+', MODE);
  }
}

async function next(client: PoolClient, { txid, id }: Cursor): Promise<LedgerRow[]> {
  const { rows } = await client.query<LedgerRow>(NEXT_ENTRIES, [txid, id, ROWS_AT_ONCE]);
  return rows;
}

async function namesNow(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ revision: number }>(NAMES_NOW);
  return rows[0]!.revision;
}

async function append(file: FileHandle, cursor: Cursor, rows: readonly LedgerRow[]): Promise<Cursor> {
  let end = cursor.bytes;
  if (end === 0) end += await write(file, HEADER, end);
  for (let from = 0; from < rows.length; from += ROWS_IN_A_PIECE)
    end += await write(file, csvLines(rows.slice(from, from + ROWS_IN_A_PIECE)), end);
  const last = rows.at(-1) ?? cursor;
  return { ...cursor, txid: last.txid, id: last.id, bytes: end };
}

/** Writes a text at a byte of the file. Answers how many bytes it took. */
async function write(file: FileHandle, text: string, at: number): Promise<number> {
  const bytes = Buffer.from(text, 'utf8');
  // A full disk shows as a short write first, as an error with the next.
  for (let done = 0; done < bytes.length;)
    done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
  return bytes.length;
}

async function move(client: PoolClient, name: string, { txid, id, bytes, names }: Cursor): Promise<void> {
  await client.query(MOVE_CURSOR, [name, txid, id, bytes, names]);
}
