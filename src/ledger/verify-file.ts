import type { PoolClient } from 'pg';
import { csvLines, HEADER } from './csv-format';
import type { CsvReader } from './csv-reader';
import { idOf, LineMatch, type Difference } from './line-match';
import { ALL_ENTRIES, ENTRIES_BY_ID, NAMES_NOW, READ_CURSOR, type LedgerRow } from './ledger.sql';

const ROWS_AT_ONCE = 5_000;
/** Characters of an offending line that are kept. */
const SHOWN = 80;

export interface FileFindings {
  readonly broken: number;
  readonly rows: Difference[];
  /** Ledger rows that stand in the file. */
  readonly written: number;
  /** Ledger rows younger than the writer's cursor that do not. */
  readonly notYetWritten: number;
}

/**
 * Whether the file shows names as they were before the snapshot of `client`, somebody having been erased since, or has
 * just been replaced by one that does not. Its writer makes up for it within seconds.
 */
export async function showsOtherNames(
  client: PoolClient,
  cursorName: string | undefined,
  file: CsvReader | undefined,
): Promise<boolean> {
  const { rows: now } = await client.query<{ revision: number }>(NAMES_NOW);
  const { rows: cursors } = await client.query<{ names: number }>(READ_CURSOR, [cursorName]);
  const isBehind = cursors[0] !== undefined && cursors[0].names !== now[0]!.revision;
  return isBehind || (await file?.isReplaced()) === true;
}

/**
 * Holds the file against the ledger in the snapshot of `client`, both read as streams: every row that the writer has
 * passed stands in it once, to the letter, and nothing else does. Younger rows count as not yet written; with `strict`
 * they are missing. `entries` is how many rows the ledger has.
 *
 * The file must have been opened before the snapshot was taken: each line that stood in it then was in the ledger
 * before, however fast the writer goes on meanwhile.
 */
export async function compareFile(
  client: PoolClient,
  cursorName: string | undefined,
  file: CsvReader | undefined,
  { entries, strict }: { entries: number; strict: boolean },
): Promise<FileFindings> {
  const { rows: cursors } = await client.query<{ txid: string; id: string }>(READ_CURSOR, [cursorName]);
  const written = cursors[0] ?? { txid: '0', id: '0' };
  const match = new LineMatch();
  const next = async () => file?.next();

  const header = await next();
  if (header !== undefined && header.text !== HEADER) match.take(undefined, header);
  let last = { txid: '0', id: '0' };
  let walked = 0;
  for (let rows: (LedgerRow & { due: boolean })[]; !match.hopeless;) {
    const values = [last.txid, last.id, ROWS_AT_ONCE, written.txid, written.id];
    rows = (await client.query<LedgerRow & { due: boolean }>(ALL_ENTRIES, values)).rows;
    for (const row of rows)
      match.take({ id: row.id, text: csvLines([row]), due: row.due || strict }, await next());
    walked += rows.length;
    if (rows.length < ROWS_AT_ONCE) break;
    last = rows.at(-1)!;
  }
  // What reads in pages may pass over rows, as the writer may that reads alike: counted otherwise, they would be missed.
  if (walked !== entries && !match.hopeless)
    throw new Error(`${walked} of ${entries} rows of the ledger were read`);
  for (let line = await next(); line !== undefined && !match.hopeless; line = await next())
    match.take(undefined, line);

  const { rows, ...found } = match.result();
  return { ...found, rows: await nameDoubles(client, rows), written: match.paired };
}

/** Tells lines that stand in the file a second time from those that the ledger does not know. */
async function nameDoubles(client: PoolClient, differences: readonly Difference[]): Promise<Difference[]> {
  const ids = differences.map(({ text }) => idOf(text)).filter((id) => /^\d{1,18}$/.test(id));
  const { rows } = await client.query<LedgerRow>(ENTRIES_BY_ID, [ids]);
  const lines = new Map(rows.map((row) => [csvLines([row]).trimEnd(), row.id]));
  return differences.map((difference) => {
    const id = lines.get(difference.text);
    const text = difference.text.length > SHOWN ? `${difference.text.slice(0, SHOWN - 1)}…` : difference.text;
    if (difference.difference !== 'not in the ledger' || id === undefined) return { ...difference, text };
    return { ...difference, text, difference: 'twice', transaction: id };
  });
}
