import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from '../../src/platform/database';
import { eventually } from './eventually';
import { ownDatabase } from './test-database';
import { Tixline } from './tixline';

export interface PastSale {
  readonly databaseUrl: string;
  readonly dataDir: string;
  remove: () => Promise<void>;
}

/**
 * What a sale leaves behind once its Tixline has stopped: an event with VIPs settled after Regulars, refusals of three
 * kinds, a cancelled request, an order given back, a ticket used, some who still wait and one who left the line behind
 * them; and the ledger's file, up to date.
 */
export async function pastSale(): Promise<PastSale> {
  const database = await ownDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'tixline-sale-'));
  const tixline = await Tixline.start({ databaseUrl: database.url, env: { DATA_DIR: dataDir } });
  const id = await tixline.event({ vip: 3, regular: 6 });
  const people = await tixline.peopleOf(10);
  const ask = async (who: number, type: 'VIP' | 'Regular', quantity = 1) =>
    (await tixline.ask(people[who]!, id, type, quantity)).json<{ request_id: string }>().request_id;
  const leave = (who: number, request: string) =>
    tixline.delete(`/api/ticket-requests/${request}`, { as: people[who]! });

  await ask(0, 'Regular', 2);
  await ask(0, 'Regular');
  const order = await ask(1, 'Regular');
  await leave(4, await ask(4, 'Regular'));
  await ask(2, 'Regular', 4); // Sold out: two are left.
  await ask(3, 'Regular');
  await tixline.settleAll();
  for (const who of [5, 6, 7]) await ask(who, 'VIP', who === 5 ? 2 : 1);
  await ask(0, 'Regular', 2); // Above the limit.
  await tixline.settleAll();
  await tixline.post(`/api/orders/${order}/cancel`, { as: people[1]! });
  const orders = await tixline.get('/api/orders', { as: people[3]! });
  const { qr_token } = orders.json<{ items: { tickets: { qr_token: string }[] }[] }>().items[0]!.tickets[0]!;
  await tixline.post(`/api/tickets/checkin/${qr_token}`, { as: await tixline.person('staff') });

  await tixline.sql(`UPDATE lines SET paused = true`);
  await ask(8, 'Regular');
  await ask(9, 'Regular');
  await leave(9, await ask(9, 'Regular'));
  await ask(1, 'Regular');
  await ask(2, 'VIP');
  await eventually(async () => {
    await tixline.ledger.catchUp();
    const { rows } = await tixline.sql(
      `SELECT 1 FROM ledger l, ledger_cursors c WHERE (l.txid, l.id) > (c.txid, c.id)`,
    );
    if (rows.length > 0) throw new Error(`${rows.length} rows not written`);
  });
  await tixline.stop();
  return {
    databaseUrl: database.url,
    dataDir,
    async remove() {
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** What a test may damage and have back; of `events` only what can be updated. */
const TABLES = ['ticket_types', 'tickets', 'ticket_requests', 'lines', 'line_places', 'cancelled_places'];
TABLES.push('holdings', 'ledger', 'ledger_cursors');

/** Keeps a copy of the sale's tables beside them. */
export async function keepTables(database: Database): Promise<void> {
  await database.query(`CREATE SCHEMA kept`);
  for (const table of [...TABLES, 'events'])
    await database.query(`CREATE TABLE kept.${table} AS TABLE public.${table}`);
}

/** Puts the tables back as they were kept. */
export async function restoreTables(database: Database): Promise<void> {
  await database.transaction(async (client) => {
    for (const table of TABLES) {
      await client.query(`DELETE FROM public.${table}`);
      await client.query(`INSERT INTO public.${table} OVERRIDING SYSTEM VALUE SELECT * FROM kept.${table}`);
    }
    await client.query(
      `UPDATE events e SET max_per_buyer = k.max_per_buyer FROM kept.events k WHERE k.id = e.id`,
    );
  });
}
