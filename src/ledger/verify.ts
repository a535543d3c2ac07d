import { Injectable } from '@nestjs/common';
import type { PoolClient, QueryResultRow } from 'pg';
import { Database } from '../platform/database/index';
import { CsvReader } from './csv-reader';
import { LedgerFile } from './ledger-file';
import { COUNTED, type Check, type Counted, type Finding } from './verify-check';
import { compareFile, showsOtherNames } from './verify-file';
import { HistoryFile } from './verify-history';
import { LINE_CHECKS } from './verify-line.sql';
import { TICKET_CHECKS } from './verify-tickets.sql';

/** Offending rows kept of each check. */
const MOST_SHOWN = 10;
/** A check of many millions of rows may take minutes; hot statements must not, hence the pool's limits of seconds. */
const QUERY_LIMIT_MS = 3_600_000;

const CHECKS: readonly Check[] = [...TICKET_CHECKS, ...LINE_CHECKS];

const CSV = {
  name: 'csv',
  proves: 'each ledger row written so far is in transactions.csv once, nothing else is',
};

/** While the file is being written anew, with other names, it is waited for: so long, looking so often. */
const PATIENCE_MS = 60_000;
const LOOK_AGAIN_MS = 200;

/** All checks in their order: what each is called and what it proves. */
export const VERIFY_CHECKS: readonly Pick<Check, 'name' | 'proves'>[] = [...CHECKS, CSV];

export interface Verification {
  readonly ok: boolean;
  readonly checked_at: string;
  readonly seconds: number;
  readonly checks: Finding[];
  /** Null when the file is on another machine. */
  readonly ledger_file: {
    readonly path: string;
    readonly rows_written: number;
    readonly rows_not_yet_written: number;
  } | null;
}

export interface VerifyOptions {
  /** Ledger rows that the writer has not come to yet count as missing: for a Tixline at rest. */
  readonly strict?: boolean;
  /** Path of a client's own record of attempts (see HISTORY_FORMAT), to be held against the database too. */
  readonly history?: string;
  /** Called before each check with its name, its number from 1 and how many there are. */
  readonly onCheck?: (name: string, number: number, of: number) => void;
}

/** The proof that nothing was lost, sold twice or settled out of turn, from the database and the ledger's file alone. */
@Injectable()
export class Verify {
  constructor(
    private readonly database: Database,
    private readonly file: LedgerFile,
  ) {}

  /**
   * Checks everything in one snapshot, so that a sale may go on meanwhile; changes nothing. Broken checks are part of
   * the answer. Rejects when the database is away or a file cannot be read.
   */
  async run(options: VerifyOptions = {}): Promise<Verification> {
    const startedAt = performance.now();
    // Before the snapshot: see compareFile.
    const history = options.history === undefined ? undefined : await HistoryFile.open(options.history);
    try {
      for (;;) {
        const isPatient = performance.now() - startedAt < PATIENCE_MS;
        const done = await this.attempt({ ...options, startedAt, isPatient }, history);
        if (done !== undefined) return done;
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      }
    } finally {
      await history?.close();
    }
  }

  /** Answers `undefined` when the file shows other names than the snapshot: it is being written anew, try again. */
  private async attempt(
    {
      strict = false,
      onCheck = () => undefined,
      startedAt,
      isPatient,
    }: VerifyOptions & { startedAt: number; isPatient: boolean },
    history: HistoryFile | undefined,
  ): Promise<Verification | undefined> {
    let file: CsvReader | undefined;
    try {
      file = await CsvReader.open(this.file.path);
      const cursorName = await this.file.cursorName();
      return await this.database.transaction(async (client) => {
        await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
        await client.query(`SET LOCAL statement_timeout = 0`);
        await client.query(`SET LOCAL idle_in_transaction_session_timeout = 0`);
        if (isPatient && (await showsOtherNames(client, cursorName, file))) return undefined;
        // Room to join a million tickets with their requests without going to the disk.
        await client.query(`SET LOCAL work_mem = '64MB'`);
        // Here, and only here, whole tables are read.
        for (const way of ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin', 'memoize'])
          await client.query(`SET LOCAL enable_${way} = on`);
        const [counted] = await patient<Counted>(client, COUNTED);
        const checks: Finding[] = [];
        for (const check of CHECKS) {
          onCheck(check.name, checks.length + 1, CHECKS.length + 1);
          checks.push(await find(client, check, counted![check.counts]));
        }
        onCheck(CSV.name, checks.length + 1, CHECKS.length + 1);
        const { entries } = counted!;
        // Never written here: another machine's worker writes it, or nothing was sold yet.
        const elsewhere = file === undefined && cursorName === undefined && entries > 0 && !strict;
        const { finding, ledgerFile } = elsewhere
          ? { finding: this.elsewhere(), ledgerFile: null }
          : await this.checkFile(client, cursorName, file, { entries, strict });
        checks.push(finding);
        if (history !== undefined) checks.push(...(await history.compare(client, patient, strict)));
        return {
          ok: checks.every(({ broken }) => broken === 0),
          checked_at: new Date().toISOString(),
          seconds: Math.round(performance.now() - startedAt) / 1_000,
          checks,
          ledger_file: ledgerFile,
        };
      });
    } finally {
      await file?.close();
    }
  }

  private async checkFile(
    client: PoolClient,
    cursorName: string | undefined,
    file: CsvReader | undefined,
    options: { entries: number; strict: boolean },
  ): Promise<{ finding: Finding; ledgerFile: Verification['ledger_file'] }> {
    const { path } = this.file;
    const { written, notYetWritten, ...found } = await compareFile(client, cursorName, file, options);
    return {
      finding: { ...CSV, counted: written, ...found, not_checked: null },
      ledgerFile: { path, rows_written: written, rows_not_yet_written: notYetWritten },
    };
  }

  private elsewhere(): Finding {
    const why = `${this.file.path} is not on this machine. Run \`tixline verify\` where the worker writes it.`;
    return { ...CSV, counted: 0, broken: 0, rows: [], not_checked: why };
  }
}

async function find(client: PoolClient, { name, proves, broken }: Check, counted: number): Promise<Finding> {
  const found = await patient<{ in_all: number; row: object }>(
    client,
    `SELECT count(*) OVER ()::int AS in_all, to_json(b) AS row FROM (${broken}) b LIMIT ${MOST_SHOWN}`,
  );
  const rows = found.map(({ row }) => row);
  return { name, proves, counted, broken: found[0]?.in_all ?? 0, rows, not_checked: null };
}

async function patient<Row extends QueryResultRow>(
  client: PoolClient,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  // `query_timeout` of one statement is not in the types of pg; without it the pool's holds.
  const statement = { text, values, query_timeout: QUERY_LIMIT_MS };
  return (await client.query<Row>(statement)).rows;
}
