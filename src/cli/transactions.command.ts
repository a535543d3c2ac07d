import type { INestApplicationContext } from '@nestjs/common';
import { Database } from '../platform/database/index';
import { tierName, type Tier, type TierName } from '../shared/tier';
import { findEvent } from './find-event';
import type { Page, Style } from './page';
import { table } from './table';
import type { Task } from './task';

interface Options {
  readonly event?: number;
  readonly last: number;
}

interface Transaction {
  readonly transaction_id: string;
  readonly timestamp: string;
  readonly event_id: number;
  readonly user_name: string;
  readonly user_email: string;
  readonly ticket_type: TierName;
  readonly quantity: number;
  readonly request_id: string;
  readonly status: 'granted' | 'refused' | 'cancelled' | 'returned';
  readonly reason: string | null;
}

interface Transactions {
  /** The newest first. */
  readonly items: readonly Transaction[];
}

/**
 * Purpose  the newest ledger rows
 * $1 event id (null for all)   $2 how many
 */
const NEWEST = `
  SELECT id::text AS transaction_id, at, event_id, user_name, user_email, tier, quantity, request_id, status, reason
    FROM ledger
   WHERE $1::int IS NULL OR event_id = $1
   ORDER BY txid DESC, id DESC
   LIMIT $2`;

const STYLES: Record<Transaction['status'], Style> = { granted: 'green', refused: 'red', cancelled: 'yellow', returned: 'yellow' };

export const transactions: Task<Options, Transactions> = {
  needs: 'records',
  work,
  show,
  holds: ({ items }) => items.length > 0,
};

async function work(tixline: INestApplicationContext, { event, last }: Options): Promise<Transactions> {
  if (event !== undefined) await findEvent(tixline, event);
  const { rows } = await tixline
    .get(Database)
    .query<Omit<Transaction, 'timestamp' | 'ticket_type'> & { at: Date; tier: Tier }>(NEWEST, [event ?? null, last]);
  return { items: rows.map(({ at, tier, ...row }) => ({ ...row, timestamp: at.toISOString(), ticket_type: tierName(tier) })) };
}

function show({ items }: Transactions, page: Page): string {
  if (items.length === 0) return 'No transactions yet: nothing has been settled.\n';
  return table(
    items,
    [
      { title: 'Time (UTC)', cell: ({ timestamp }) => timestamp.slice(0, 19).replace('T', ' ') },
      { title: 'Status', cell: ({ status }) => status, style: ({ status }) => STYLES[status] },
      { title: 'Tickets', cell: ({ ticket_type, quantity }) => `${ticket_type} × ${quantity}` },
      { title: 'Buyer', cell: ({ user_email }) => user_email, flexible: true },
      { title: 'Reason', cell: ({ reason }) => reason, flexible: true },
      { title: 'Event', cell: ({ event_id }) => event_id, align: 'right', optional: true },
      { title: 'Request', cell: ({ request_id }) => request_id, optional: true },
    ],
    page,
  );
}
