/** Of what one event's ceiling is made: the product's own statements, one event, one tier, on its own database. */
import { createRequire } from 'node:module';
import { Pool, type PoolClient } from 'pg';
import { Client } from '../rush/client.mts';
import { openSale } from '../rush/sale.mts';

const load = createRequire(import.meta.url);
const { acceptValues, INTAKE } = load('../../dist/ticket-requests/intake.sql.js');
const { BY_INDEX, POOL_OPTIONS } = load('../../dist/platform/database/index.js');
const { Settlement } = load('../../dist/settlement/settlement.js');

const REGULAR = 2;
const QUOTE = { lineOffset: 0, vipAhead: 0, perSecond: null };
const PEOPLE = 5_000;
const SEATS = 1_000_000;
const BATCH = 1_000;
const SECONDS = 1.5;
const GROUPS = [
  [1, 1],
  [75, 1],
  [500, 1],
  [500, 2],
  [500, 4],
] as const;

export interface Pieces {
  readonly intake: { size: number; writers: number; ms: number; perSecond: number }[];
  /** Milliseconds of one settlement of a thousand requests, and of its parts. */
  readonly batch: Record<string, number>;
}

export async function measurePieces(baseUrl: string, url: string): Promise<Pieces> {
  const pool = new Pool({
    connectionString: url,
    max: 8,
    options: `${POOL_OPTIONS} ${BY_INDEX}`,
  });
  const client = new Client(baseUrl, 4);
  try {
    const { eventId } = await openSale(client, 'Pieces', 10, SEATS);
    const { rows: types } = await pool.query(`SELECT id FROM ticket_types WHERE event_id = $1 AND tier = 2`, [
      eventId,
    ]);
    const { rows: users } = await pool.query<{ id: number }>(
      `INSERT INTO users (name, email, email_key, password_hash, role)
       SELECT 'B ' || n, 'pieces-' || n || '@x.test', 'pieces-' || n || '@x.test', 'x', 'attendee'
         FROM generate_series(1, ${PEOPLE}) n RETURNING id`,
    );
    await pool.query(`UPDATE events SET max_per_buyer = 100 WHERE id = $1`, [eventId]);
    const buyers = users.map(({ id }) => id);
    const intake = [];
    await takeIn(pool, eventId, types[0].id, buyers, 500, 1);
    for (const [size, writers] of GROUPS)
      intake.push({ size, writers, ...(await takeIn(pool, eventId, types[0].id, buyers, size, writers)) });
    return { intake, batch: await settle(pool, eventId) };
  } finally {
    client.close();
    await pool.end();
  }
}

async function takeIn(
  pool: Pool,
  eventId: number,
  typeId: number,
  buyers: number[],
  size: number,
  writers: number,
) {
  let next = 0;
  let groups = 0;
  let statementMs = 0;
  const startedAt = performance.now();
  const write = async () => {
    while (performance.now() - startedAt < SECONDS * 1_000) {
      const asks = Array.from({ length: size }, () => {
        const userId = buyers[next++ % buyers.length]!;
        const mark = (0x8000000000000000n + BigInt(userId)).toString(16);
        return { eventId, tier: REGULAR, ticketTypeId: typeId, userId, mark, quantity: 1, key: null };
      });
      const values = acceptValues(eventId, asks, { 1: QUOTE, 2: QUOTE });
      const from = performance.now();
      await pool.query({ name: 'accept', text: INTAKE.accept, values });
      statementMs += performance.now() - from;
      groups += 1;
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  const seconds = (performance.now() - startedAt) / 1_000;
  return { ms: statementMs / groups, perSecond: (groups * size) / seconds };
}

/** Settles what was taken in with the product's own settlement, and times each of its statements. */
async function settle(pool: Pool, eventId: number): Promise<Record<string, number>> {
  const spent: Record<string, number> = {};
  const timed = async (what: string, work: () => Promise<any>) => {
    const from = performance.now();
    const answer = await work();
    spent[what] = (spent[what] ?? 0) + performance.now() - from;
    return answer;
  };
  const nameOf = (query: any) => query.name ?? (/ticket_types/.test(query) ? 'stock' : 'begin and commit');
  const database = {
    async transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
      const client = await pool.connect();
      const query = (text: any, values?: unknown[]) => timed(nameOf(text), () => client.query(text, values));
      try {
        await query('BEGIN');
        const answer = await work({ query } as unknown as PoolClient);
        await query('COMMIT');
        return answer;
      } finally {
        client.release();
      }
    },
  };
  const settlement = new Settlement(database);
  const one = () => settlement.settle(eventId, { vip: 0, regular: 2_000_000_000 }, BATCH);
  for (let warmUp = 0; warmUp < 3; warmUp += 1) await one();
  for (const what of Object.keys(spent)) delete spent[what];
  let batches = 0;
  const startedAt = performance.now();
  while (performance.now() - startedAt < 2 * SECONDS * 1_000 && (await one()).settled === BATCH) batches += 1;
  const wholeMs = performance.now() - startedAt;
  const each = Object.fromEntries(Object.entries(spent).map(([what, ms]) => [what, ms / batches]));
  return { 'the whole': wholeMs / batches, ...each };
}
