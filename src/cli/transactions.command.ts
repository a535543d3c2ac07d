import type { INestApplicationContext } from '@nestjs/common';
import { newestEntries, type NewestEntry } from '../ledger/index';
import { Database } from '../platform/database/index';
import { tierName, type TierName } from '../shared/tier';
import { findEvent } from './find-event';
import type { Page, Style } from './page';
import { table } from './table';
import type { Task } from './task';

interface Options {
  readonly event?: number;
  readonly last: number;
}

interface Transaction extends Omit<NewestEntry, 'id' | 'at' | 'tier'> {
  readonly transaction_id: string;
  readonly timestamp: string;
  readonly ticket_type: TierName;
}

interface Transactions {
  /** The newest first. */
  readonly items: readonly Transaction[];
}

const STYLES: Record<Transaction['status'], Style> = {
  granted: 'green',
  refused: 'red',
  cancelled: 'yellow',
  returned: 'yellow',
};

export const transactions: Task<Options, Transactions> = {
  needs: 'records',
  work,
  show,
  holds: ({ items }) => items.length > 0,
};

async function work(tixline: INestApplicationContext, { event, last }: Options): Promise<Transactions> {
  if (event !== undefined) await findEvent(tixline, event);
  const entries = await newestEntries(tixline.get(Database), event ?? null, last);
  return {
    items: entries.map(({ id, at, tier, ...entry }) => ({
      transaction_id: id,
      ...entry,
      timestamp: at.toISOString(),
      ticket_type: tierName(tier),
    })),
  };
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
