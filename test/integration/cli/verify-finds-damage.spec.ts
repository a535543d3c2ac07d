import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../../src/config';
import { ENTITIES } from '../../../src/entities';
import { LedgerFile, Verify, type Verification } from '../../../src/ledger';
import { Database } from '../../../src/platform/database';
import { keepTables, pastSale, restoreTables, type PastSale } from '../../support/sale';

const ONE = (what: string) => `(SELECT id FROM ticket_requests WHERE ${what} ORDER BY id LIMIT 1)`;
/** A second ledger row for a request, as a settlement gone wrong would write it; not in the file yet. */
const ENTRY = (status: string, request: string) =>
  `INSERT INTO ledger (event_id, request_id, tier, quantity, unit_price_cents, currency, status, reason, user_id)
   SELECT event_id, id, tier, quantity, 4500, 'EUR', '${status}', reason, user_id
     FROM ticket_requests WHERE id = ${request}`;
/** Whoever of a tier was settled last. */
const LAST = (status: string) =>
  `(SELECT id FROM ticket_requests WHERE status = '${status}' ORDER BY id DESC LIMIT 1)`;

/** What is done to the database → the checks that must report it, and no others. */
const DAMAGE: [name: string, sql: string, reported: string[]][] = [
  [
    'a seat vanished from the shelf',
    `UPDATE ticket_types SET remaining = remaining - 1 WHERE tier = 2`,
    ['stock'],
  ],
  ['a seat came from nowhere', `UPDATE ticket_types SET capacity = capacity + 1 WHERE tier = 1`, ['stock']],
  [
    "a ticket stands under another of the buyer's orders",
    `UPDATE tickets SET request_id = ${ONE(`quantity = 1 AND status = 'granted' AND tier = 2`)} WHERE number = 1`,
    ['granted-tickets'],
  ],
  [
    'a refused request has a ticket',
    `WITH made AS (UPDATE lines SET tickets_issued = tickets_issued + 1 RETURNING event_id, tickets_issued)
     INSERT INTO tickets (event_id, number, request_id, status)
     SELECT event_id, tickets_issued, ${ONE(`status = 'refused'`)}, 'cancelled' FROM made`,
    ['stray-tickets'],
  ],
  [
    'a ticket of a live order is void',
    `WITH void AS (UPDATE tickets SET status = 'cancelled' WHERE number = 1 RETURNING event_id),
          shelf AS (UPDATE ticket_types SET remaining = remaining + 1 WHERE tier = 2)
     UPDATE holdings SET held = held - 1 WHERE held = 3`,
    ['returned-orders'],
  ],
  [
    'more tickets were counted than issued',
    `UPDATE lines SET tickets_issued = tickets_issued + 1`,
    ['ticket-numbers'],
  ],
  ['a buyer is noted with one more', `UPDATE holdings SET held = held + 1 WHERE held = 1`, ['holdings']],
  ['a buyer holds more than the limit', `UPDATE events SET max_per_buyer = 2`, ['buyer-limit']],
  ['a buyer does not exist', `UPDATE ticket_requests SET user_id = 0 WHERE status = 'refused'`, ['requests']],
  [
    'a type is of another tier',
    `UPDATE ticket_requests SET ticket_type_id = 0 WHERE status = 'queued'`,
    ['requests'],
  ],
  [
    'an id names another place',
    `UPDATE ticket_requests SET id = standing_id(event_id, tier, place + 500, '8000000000000000')
      WHERE id = ${ONE(`status = 'queued'`)}`,
    ['requests'],
  ],
  [
    'a place was given out and is lost',
    `UPDATE line_places SET last_place = last_place + 1 WHERE tier = 1`,
    ['places'],
  ],
  [
    'a place was given out twice',
    `UPDATE ticket_requests SET id = standing_id(event_id, tier, place - 1, '8000000000000000'), place = place - 1
      WHERE status = 'queued' AND tier = 2 AND place = (SELECT min(place) + 1 FROM ticket_requests WHERE status = 'queued' AND tier = 2)`,
    ['places'],
  ],
  ['somebody who waits was passed', `UPDATE lines SET regular_served = regular_served + 1`, ['served']],
  [
    'somebody was settled ahead of the line',
    `UPDATE lines SET regular_served = regular_served - 1`,
    ['served'],
  ],
  ['one who left is not known to have left', `DELETE FROM cancelled_places`, ['served']],
  [
    'one who waits is noted to have left',
    `INSERT INTO cancelled_places SELECT event_id, tier, place FROM ticket_requests WHERE id = ${LAST('queued')}`,
    ['served'],
  ],
  ['a request has two outcomes', ENTRY('refused', LAST('refused')), ['one-outcome']],
  [
    'a request that waits has an outcome',
    ENTRY('granted', ONE(`status = 'queued' AND tier = 1`)),
    ['one-outcome'],
  ],
  ['an order was returned twice', ENTRY('returned', ONE('returned_at IS NOT NULL')), ['one-outcome']],
  [
    'a return is not noted',
    `UPDATE ticket_requests SET returned_at = now() WHERE id = ${ONE(`status = 'queued'`)}`,
    ['one-outcome'],
  ],
  [
    'the ledger lost a row',
    `DELETE FROM ledger WHERE request_id = ${ONE(`status = 'refused' AND tier = 1`)}`,
    ['one-outcome', 'csv'],
  ],
  [
    'the ledger has another quantity',
    `UPDATE ledger SET quantity = quantity + 1 WHERE request_id = ${ONE(`status = 'refused'`)}`,
    ['ledger-facts', 'csv'],
  ],
  [
    'two were settled out of turn',
    `UPDATE ledger l SET request_id = CASE l.request_id WHEN s.first THEN s.last ELSE s.first END
       FROM (SELECT min(id::text)::uuid AS first, max(id::text)::uuid AS last FROM ticket_requests
              WHERE status = 'granted' AND tier = 2 AND quantity = 1) s
      WHERE l.request_id IN (s.first, s.last) AND l.status = 'granted'`,
    ['in-turn', 'csv'],
  ],
  [
    'somebody was sold out of what the next one got',
    `WITH passed AS (UPDATE ticket_requests SET quantity = 1 WHERE reason = 'sold_out' AND quantity = 4 RETURNING id)
     UPDATE ledger l SET quantity = 1 FROM passed WHERE l.request_id = passed.id`,
    ['passed-over', 'csv'],
  ],
  [
    'a VIP who had waited an hour came after a Regular',
    `UPDATE ticket_requests SET created_at = created_at - interval '1 hour' WHERE tier = 1 AND status = 'granted'`,
    ['vip-first'],
  ],
  [
    'a VIP waits for an hour while Regulars are served',
    `UPDATE ticket_requests SET created_at = created_at - interval '1 hour' WHERE tier = 1 AND status = 'queued'`,
    ['vip-first'],
  ],
];

/** What is done to the file → how the first difference is called. */
const FILE_DAMAGE: [name: string, damage: (lines: string[]) => string[], difference: string][] = [
  ['a line is missing', (lines) => lines.toSpliced(4, 1), 'missing'],
  ['a line stands twice', (lines) => lines.toSpliced(4, 0, lines[4]!), 'twice'],
  ['a line was changed', (lines) => lines.with(5, lines[5]!.replace('Person', 'Parson')), 'changed'],
  ['a foreign line stands in the middle', (lines) => lines.toSpliced(3, 0, 'x,y,z\n'), 'not in the ledger'],
  ['a foreign line stands at the end', (lines) => [...lines, 'who,knows,what\n'], 'not in the ledger'],
  ['half a foreign line stands at the end', (lines) => [...lines, 'who,kn'], 'not in the ledger'],
  ['the header is another', (lines) => lines.with(0, 'time,name\n'), 'not in the ledger'],
  ['two lines changed places', (lines) => lines.with(3, lines[4]!).with(4, lines[3]!), ''],
];

describe('verify', () => {
  let sale: PastSale;
  let file: string;
  let database: Database;
  let verify: Verify;

  beforeAll(async () => {
    sale = await pastSale();
    file = join(sale.dataDir, 'transactions.csv');
    copyFileSync(file, `${file}.kept`);
    // No Tixline runs on it: its writer would put right at once what is done to the file.
    const config = loadConfig({ DATABASE_URL: sale.databaseUrl, DATA_DIR: sale.dataDir });
    database = new Database(config, ENTITIES);
    await database.start();
    await keepTables(database);
    verify = new Verify(database, new LedgerFile(config, database));
  });
  beforeEach(() => copyFileSync(`${file}.kept`, file));
  afterAll(async () => {
    await database.close();
    await sale.remove();
  });

  /** Verifies the sale after something was done to it, and undoes that. */
  async function verified(damage?: string, { strict = false } = {}): Promise<Verification> {
    try {
      if (damage !== undefined && (await database.query(damage)).rowCount === 0)
        throw new Error('it did no damage');
      return await verify.run({ strict });
    } finally {
      if (damage !== undefined) await restoreTables(database);
    }
  }
  const broken = ({ checks }: Verification) =>
    checks.filter((check) => check.broken > 0).map(({ name }) => name);

  it('finds nothing after a sale with refusals, cancellations, a return and a check-in', async () => {
    const found = await verified(undefined, { strict: true });
    expect(broken(found)).toEqual([]);
    expect(found.ok).toBe(true);
    for (const { name, counted } of found.checks) expect({ name, counted }).not.toEqual({ name, counted: 0 });
    // More than nine: an order by text instead of numbers would show.
    expect(found.ledger_file!.rows_written).toBeGreaterThan(9);
  });

  it.each(DAMAGE)('finds that %s, and blames nothing else', async (_, damage, reported) => {
    const found = await verified(damage);
    expect(broken(found)).toEqual(reported);
    expect(found.ok).toBe(false);
    expect(found.checks.find(({ name }) => name === reported[0])!.rows.length).toBeGreaterThan(0);
  });

  it.each(FILE_DAMAGE)('finds in the file that %s', async (_, damage, difference) => {
    const lines = readFileSync(file, 'utf8').split(/(?<=\n)/);
    writeFileSync(file, damage(lines).join(''));
    const found = await verified();
    expect(broken(found)).toEqual(difference === '' ? [] : ['csv']);
    const csv = found.checks.find(({ name }) => name === 'csv')!;
    expect(csv.broken).toBe(difference === '' ? 0 : 1);
    if (difference !== '') expect(csv.rows).toMatchObject([{ difference }]);
  });

  it('finds that the file is gone, or was cut', async () => {
    const rows = readFileSync(file, 'utf8').split('\n').length - 2;
    rmSync(file);
    expect((await verified()).checks.at(-1)).toMatchObject({ name: 'csv', broken: rows, counted: 0 });
    copyFileSync(`${file}.kept`, file);
    truncateSync(file, readFileSync(file).length - 20);
    expect((await verified()).checks.at(-1)).toMatchObject({ name: 'csv', broken: 1, counted: rows - 1 });
  });

  it('takes rows that are not yet written for no fault, unless it is strict', async () => {
    const later = `UPDATE ledger_cursors SET txid = (SELECT min(txid::text::bigint)::text::xid8 FROM ledger), id = (SELECT min(id) FROM ledger)`;
    const lines = readFileSync(file, 'utf8').split(/(?<=\n)/);
    writeFileSync(file, lines.slice(0, 2).join(''));
    const found = await verified(later);
    expect(found.ok).toBe(true);
    expect(found.ledger_file).toMatchObject({ rows_written: 1, rows_not_yet_written: lines.length - 2 });
    expect(broken(await verified(later, { strict: true }))).toEqual(['csv']);
  });

  it('takes a line that is just being written for no fault', async () => {
    const lines = readFileSync(file, 'utf8').split(/(?<=\n)/);
    const later = `UPDATE ledger_cursors SET txid = (SELECT min(txid::text::bigint)::text::xid8 FROM ledger), id = (SELECT min(id) FROM ledger)`;
    writeFileSync(file, [...lines.slice(0, 3), lines[3]!.slice(0, 10)].join(''));
    expect((await verified(later)).ok).toBe(true);
  });
});
