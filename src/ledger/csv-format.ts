import { createObjectCsvStringifier } from 'csv-writer';
import { tierName } from '../shared/tier';
import type { LedgerRow } from './ledger.sql';

/** The first seven are what readers of the file have always found there; what came later stands behind them. */
export const COLUMNS = [
  'timestamp',
  'user_name',
  'user_email',
  'ticket_type',
  'request_id',
  'status',
  'reason',
  'event_id',
  'quantity',
  'unit_price_cents',
  'currency',
  'transaction_id',
] as const;

const stringifier = createObjectCsvStringifier({
  header: COLUMNS.map((id) => ({ id, title: id })),
  alwaysQuote: false,
  recordDelimiter: '\n',
});

/** The header line, with its line end. */
export const HEADER = stringifier.getHeaderString()!;

/**
 * What a spreadsheet may take for the start of a formula (OWASP, CSV injection), also full-width and behind spaces: at the
 * start of the text, and after what a spreadsheet of another country, or an import dialogue, takes for the end of a cell.
 */
const FORMULA = /(^|[;,|\t])(\s*)(?=[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20])/gu;

/**
 * One cell that no spreadsheet runs and no line end breaks: what could be a formula gets an apostrophe before it, line ends
 * and NUL become spaces. Everything else stays as it is; quoting is the writer's.
 */
export function safeCell(text: string): string {
  // oxlint-disable-next-line no-control-regex -- NUL is one of those that must go
  const oneLine = text.replace(/[\r\n\u0000\u2028\u2029]+/gu, ' ');
  return oneLine.replace(FORMULA, "$1$2'");
}

/** Ledger rows as CSV lines (RFC 4180, but with a plain line feed), each with its line end. The same rows give the same bytes. */
export function csvLines(rows: readonly LedgerRow[]): string {
  if (rows.length === 0) return '';
  return stringifier.stringifyRecords(
    rows.map((row) => ({
      timestamp: row.at.toISOString(),
      user_name: safeCell(row.user_name),
      user_email: safeCell(row.user_email),
      ticket_type: tierName(row.tier),
      request_id: row.request_id,
      status: row.status,
      reason: row.reason ?? '',
      event_id: row.event_id,
      quantity: row.quantity,
      unit_price_cents: row.unit_price_cents,
      currency: row.currency,
      transaction_id: row.id,
    })),
  );
}
