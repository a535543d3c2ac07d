import { mkdir, open, rename, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { CONFIG, type Config } from '../config/index';
import { Database } from '../platform/database/index';
import { csvLines, HEADER } from './csv-format';
import { HOLD_CURSOR, MAKE_CURSOR, MOVE_CURSOR, NEXT_ENTRIES, type LedgerRow } from './ledger.sql';

const ROWS_AT_ONCE = 5_000;

interface Cursor {
  txid: string;
  id: string;
  bytes: number;
}

const START: Cursor = { txid: '0', id: '0', bytes: 0 };

/**
 * `transactions.csv`, a projection of the ledger: its bytes follow from the ledger's rows alone.
 *
 * How far it has got, in rows and in bytes, stands in the database. Lines are written at exactly that byte, forced to
 * the disk, and only then is the cursor moved, so that after any crash the next writer goes over the same bytes again:
 * a torn or doubled tail is written over. The cursor's row is locked meanwhile, so there is one writer however many
 * workers run; one that lost its lock could only write what the next one writes too.
 */
@Injectable()
export class LedgerFile {
  readonly path: string;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly database: Database,
  ) {
    this.path = join(config.dataDir, 'transactions.csv');
  }

  /**
   * Brings the file up to date. Answers how many rows it wrote; 0 too when another process is writing it. Rejects when
   * the file cannot be written (disk full, no permission): nothing is lost, the next call goes on from the same place.
   */
  async catchUp(): Promise<number> {
    let total = 0;
    for (;;) {
      const written = await this.database.transaction((client) => this.step(client));
      total += written;
      if (written < ROWS_AT_ONCE) return total;
    }
  }

  /** Writes the whole file anew beside the old one and puts it in its place. Answers how many rows it holds. */
  async rebuild(): Promise<number> {
    return this.database.transaction(async (client) => {
      await client.query(MAKE_CURSOR, [this.path]);
      const held = await client.query<Cursor>(HOLD_CURSOR.replace('SKIP LOCKED', ''), [this.path]);
      if (held.rows.length === 0) throw new Error('the ledger cursor is gone');
      await mkdir(dirname(this.path), { recursive: true });
      const draft = `${this.path}.new`;
      const file = await open(draft, 'w');
      let cursor = START;
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
      await rename(draft, this.path);
      await move(client, this.path, cursor);
      return total;
    });
  }

  private async step(client: PoolClient): Promise<number> {
    await client.query(MAKE_CURSOR, [this.path]);
    const held = await client.query<Cursor>(HOLD_CURSOR, [this.path]);
    let cursor = held.rows[0];
    if (cursor === undefined) return 0;
    const size = await sizeOf(this.path);
    // Shorter than what was written once: the file was cut, moved away or never came back. It is written from the start.
    if (size < cursor.bytes) cursor = START;
    const rows = await next(client, cursor);
    if (rows.length === 0 && size === cursor.bytes && size > 0) return 0;
    await mkdir(dirname(this.path), { recursive: true });
    const file = await open(this.path, size === -1 ? 'wx+' : 'r+');
    try {
      const after = await append(file, cursor, rows);
      // Whatever stands behind (a torn line, say) was never part of the ledger.
      await file.truncate(after.bytes);
      await file.datasync();
      await move(client, this.path, after);
    } finally {
      await file.close();
    }
    return rows.length;
  }
}

async function next(client: PoolClient, { txid, id }: Cursor): Promise<LedgerRow[]> {
  const { rows } = await client.query<LedgerRow>(NEXT_ENTRIES, [txid, id, ROWS_AT_ONCE]);
  return rows;
}

async function append(file: FileHandle, cursor: Cursor, rows: readonly LedgerRow[]): Promise<Cursor> {
  const text = (cursor.bytes === 0 ? HEADER : '') + csvLines(rows);
  const bytes = Buffer.from(text, 'utf8');
  let done = 0;
  // A full disk shows as a short write first, as an error with the next.
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, cursor.bytes + done);
    done += bytesWritten;
  }
  const last = rows.at(-1) ?? cursor;
  return { txid: last.txid, id: last.id, bytes: cursor.bytes + bytes.length };
}

async function move(client: PoolClient, path: string, { txid, id, bytes }: Cursor): Promise<void> {
  await client.query(MOVE_CURSOR, [path, txid, id, bytes]);
}

/** The length of a file in bytes, -1 when there is none. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return -1;
    throw error;
  }
}
