import type { PoolClient } from 'pg';
import { CsvReader } from './csv-reader';
import { readAttempt, type Attempt } from './history-line';
import type { Finding } from './verify-check';
import {
  ANSWERED_CHECK,
  ONCE_CHECK,
  OUTCOMES_CHECK,
  REFUSED_CHECK,
  type HistoryCheck,
} from './verify-history.sql';

const ATTEMPTS_AT_ONCE = 5_000;
const MOST_SHOWN = 10;

const READABLE = { name: 'history', proves: 'every line of the history tells of one attempt' };
const AT_REST: readonly HistoryCheck[] = [ANSWERED_CHECK, ONCE_CHECK, REFUSED_CHECK, OUTCOMES_CHECK];

/** What holding a client's history against the database proves. */
export const HISTORY_CHECKS: readonly Pick<HistoryCheck, 'name' | 'proves'>[] = [READABLE, ...AT_REST];

/** Asks without the time limits of the hot statements. */
type Ask = <Row extends object>(client: PoolClient, text: string, values: unknown[]) => Promise<Row[]>;

interface Tally {
  counted: number;
  broken: number;
  rows: object[];
}

/** A client's own record of what it asked and was answered, held against the database. Read as a stream; only what was refused and is there all the same is kept in mind. */
export class HistoryFile {
  private constructor(
    private readonly path: string,
    private readonly reader: CsvReader,
  ) {}

  /**
   * Opens it as it stands now: open it before the snapshot that it is held against is taken, and every answer in it is
   * older than that. Rejects when it is not there or cannot be read. Close what it answers.
   */
  static async open(path: string): Promise<HistoryFile> {
    const reader = await CsvReader.open(path);
    if (reader === undefined) throw new Error(`The history ${path} is not there`);
    return new HistoryFile(path, reader);
  }

  close(): Promise<void> {
    return this.reader.close();
  }

  /** Holds every attempt against the snapshot of `client`. Without `strict` somebody may still wait for an outcome. */
  async compare(client: PoolClient, ask: Ask, strict: boolean): Promise<Finding[]> {
    const readable: Tally = { counted: 0, broken: 0, rows: [] };
    const tallies = new Map<HistoryCheck, Tally>();
    const checks = strict ? AT_REST : AT_REST.filter((check) => check !== OUTCOMES_CHECK);
    for (const check of checks) tallies.set(check, { counted: 0, broken: 0, rows: [] });
    /** Refused, and there all the same: by user and key. */
    const suspects = new Map<string, object>();

    for await (const attempts of batches(this.reader, readable)) {
      const json = [JSON.stringify(attempts)];
      for (const [check, tally] of tallies) {
        tally.counted += attempts.filter(({ outcome }) => outcome === check.outcome).length;
        const rows = await ask<{ user: number; key: string }>(client, check.broken, json);
        if (check === REFUSED_CHECK) for (const row of rows) suspects.set(nameOf(row), row);
        else add(tally, rows);
      }
    }
    if (suspects.size > 0) await this.clear(suspects);
    add(tallies.get(REFUSED_CHECK)!, [...suspects.values()]);

    const findings = [...tallies].map(([{ name, proves }, tally]) => finding({ name, proves }, tally));
    const { name, proves } = OUTCOMES_CHECK;
    const later = {
      name,
      proves,
      counted: 0,
      broken: 0,
      rows: [],
      not_checked: 'Somebody may still wait; --strict looks.',
    };
    return [finding(READABLE, readable), ...findings, ...(strict ? [] : [later])];
  }

  /** Takes off the list whose key was also answered, or may have been: for that the history is read a second time. */
  private async clear(suspects: Map<string, object>): Promise<void> {
    const again = await CsvReader.open(this.path);
    try {
      if (again === undefined) return;
      for await (const attempts of batches(again, { counted: 0, broken: 0, rows: [] }))
        for (const attempt of attempts) if (attempt.outcome !== 'refused') suspects.delete(nameOf(attempt));
    } finally {
      await again?.close();
    }
  }
}

/** The attempts of a file, some thousands at a time; lines that tell of none go into `readable`. */
async function* batches(reader: CsvReader, readable: Tally): AsyncGenerator<Attempt[]> {
  let batch: Attempt[] = [];
  for (let line = await reader.next(); line !== undefined; line = await reader.next()) {
    if (line.text.trim() === '') continue;
    readable.counted += 1;
    const attempt = readAttempt(line.text, line.number);
    if (typeof attempt === 'string') add(readable, [{ line: line.number, fault: attempt }]);
    else batch.push(attempt);
    if (batch.length < ATTEMPTS_AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function add(tally: Tally, rows: readonly object[]): void {
  tally.broken += rows.length;
  if (tally.rows.length < MOST_SHOWN) tally.rows.push(...rows.slice(0, MOST_SHOWN - tally.rows.length));
}

function finding({ name, proves }: Pick<HistoryCheck, 'name' | 'proves'>, tally: Tally): Finding {
  return { name, proves, ...tally, not_checked: null };
}

function nameOf({ user, key }: { user: number; key: string | null }): string {
  return `${user} ${key}`;
}
