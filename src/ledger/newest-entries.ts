import type { Database } from '../platform/database/index';
import type { LedgerRow } from './ledger.sql';

/** A row of the ledger as an operator looks at it. */
export type NewestEntry = Omit<LedgerRow, 'txid' | 'unit_price_cents' | 'currency'>;

/**
 * Purpose  the newest ledger rows
 * $1 event id (null for all)   $2 how many
 */
const NEWEST_ENTRIES = `
  SELECT ledger.id::text, at, event_id, request_id, tier, quantity, status, reason,
         coalesce(u.name, '') AS user_name, coalesce(u.email, '') AS user_email
    FROM ledger LEFT JOIN users u ON u.id = ledger.user_id
   WHERE $1::int IS NULL OR event_id = $1
   ORDER BY txid DESC, ledger.id DESC
   LIMIT $2`;

/** The newest ledger rows of an event, or of all with `null`; the newest first. */
export async function newestEntries(
  database: Database,
  eventId: number | null,
  limit: number,
): Promise<NewestEntry[]> {
  return (await database.query<NewestEntry>(NEWEST_ENTRIES, [eventId, limit])).rows;
}
