class VerificationCheckDto {
  /** Stable word for programs. @example stock */
  name: string;
  /** What it proves when nothing is broken. @example "no ticket is without a granted request" */
  proves: string;
  /** How many rows were looked at. @example 4 */
  counted: number;
  /** How many of them break it; 0 when it holds. @example 0 */
  broken: number;
  /** The first ten that do, with columns named for a reader. */
  rows: object[];
  /** Why nothing was looked at, in a sentence; null when something was. */
  not_checked: string | null;
}

class LedgerFileDto {
  /** @example /var/lib/tixline/transactions.csv */
  path: string;
  /** Rows of the ledger that stand in it. */
  rows_written: number;
  /** Rows that the writer has not come to yet: no fault. */
  rows_not_yet_written: number;
}

export class VerificationDto {
  /** Whether no check is broken. */
  ok: boolean;
  checked_at: string;
  /** How long it took. @example 0.42 */
  seconds: number;
  checks: VerificationCheckDto[];
  /** The ledger's file; null when it is on another machine, and the check `csv` says so. */
  ledger_file: LedgerFileDto | null;
}
