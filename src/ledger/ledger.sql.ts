/**
 * Purpose  the next ledger rows for a reader who has seen all up to a cursor
 * $1, $2   txid and id of the last row seen   $3 how many at most
 * Returns  rows in the order (txid, id), none of a transaction that may still be followed by an earlier one
 *
 * Ids are handed out before commit, so a reader that went by them alone would pass over rows that commit late. Below
 * the oldest running transaction nothing more can appear (PostgreSQL manual, 9.27.8, pg_snapshot_xmin).
 * The order names the table's columns: the bare names would be the texts of the result, and '99' comes after '100'.
 */
export const NEXT_ENTRIES = `
  SELECT txid::text, ledger.id::text, at, event_id, request_id, tier, quantity, unit_price_cents, currency, status, reason,
         coalesce(u.name, '') AS user_name, coalesce(u.email, '') AS user_email
    FROM ledger LEFT JOIN users u ON u.id = ledger.user_id
   WHERE (txid, ledger.id) > ($1::xid8, $2::bigint) AND txid < pg_snapshot_xmin(pg_current_snapshot())
   ORDER BY ledger.txid, ledger.id
   LIMIT $3`;

/**
 * Purpose  become the one writer of a projection for this transaction
 * $1       name of the projection
 * Returns  one row, or none while another process holds it; `names` is which names the file was written with
 */
export const HOLD_CURSOR = `
  SELECT txid::text, id::text, bytes::float8 AS bytes, names
    FROM ledger_cursors WHERE name = $1 FOR UPDATE SKIP LOCKED`;

/** Purpose  the same, but wait for whoever holds it   $1 name of the projection */
export const AWAIT_CURSOR = `SELECT FROM ledger_cursors WHERE name = $1 FOR UPDATE`;

/**
 * Purpose  which names the ledger's files are to show
 * Returns  one row; it grows with each transaction that changes the name or the e-mail of somebody
 *
 * Asked before the rows are read, so that a change meanwhile has the file written once too often rather than not at all.
 */
export const NAMES_NOW = `SELECT revision FROM ledger_names`;

/**
 * Purpose  all ledger rows, a page at a time, in the order of the file
 * $1, $2   txid and id of the last row seen   $3 how many at most   $4, $5 the writer's cursor
 * Returns  the rows as NEXT_ENTRIES does, each with `due`: whether the cursor has passed it
 */
export const ALL_ENTRIES = `
  SELECT txid::text, ledger.id::text, at, event_id, request_id, tier, quantity, unit_price_cents, currency, status, reason,
         coalesce(u.name, '') AS user_name, coalesce(u.email, '') AS user_email, (txid, ledger.id) <= ($4::xid8, $5::bigint) AS due
    FROM ledger LEFT JOIN users u ON u.id = ledger.user_id
   WHERE (txid, ledger.id) > ($1::xid8, $2::bigint)
   ORDER BY ledger.txid, ledger.id
   LIMIT $3`;

/** Purpose  how far a projection has got, and with which names, without holding it   $1 name of the projection */
export const READ_CURSOR = `SELECT txid::text, id::text, names FROM ledger_cursors WHERE name = $1`;

/** Purpose  rows of the ledger by their ids   $1 ids */
export const ENTRIES_BY_ID = `
  SELECT txid::text, ledger.id::text, at, event_id, request_id, tier, quantity, unit_price_cents, currency, status, reason,
         coalesce(u.name, '') AS user_name, coalesce(u.email, '') AS user_email
    FROM ledger LEFT JOIN users u ON u.id = ledger.user_id WHERE ledger.id = ANY ($1::bigint[])`;

export const MAKE_CURSOR = `INSERT INTO ledger_cursors (name) VALUES ($1) ON CONFLICT DO NOTHING`;

export const MOVE_CURSOR = `UPDATE ledger_cursors SET txid = $2::xid8, id = $3::bigint, bytes = $4, names = $5 WHERE name = $1`;

export interface LedgerRow {
  txid: string;
  id: string;
  at: Date;
  event_id: number;
  request_id: string;
  tier: 1 | 2;
  quantity: number;
  unit_price_cents: number;
  currency: string;
  status: 'granted' | 'refused' | 'cancelled' | 'returned';
  reason: string | null;
  user_name: string;
  user_email: string;
}
