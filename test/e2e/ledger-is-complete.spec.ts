import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { appendFile, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { buy } from '../support/orders';
import { endsWithin } from '../support/ends-within';
import { eventually } from '../support/eventually';
import { random } from '../support/random';
import { several, settleWhile, stopAll } from '../support/several';
import { Tixline } from '../support/tixline';
import { LedgerFile } from '../../src/ledger';
import { Tick } from '../../src/settlement';

type Line = Record<string, string>;

describe('the ledger file is complete', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tixline-ledger-'));
  let writers: Tixline[];
  let tixline: Tixline;
  beforeAll(async () => {
    writers = await several(2, { env: { DATA_DIR: folder } });
    tixline = writers[0]!;
  });
  afterAll(async () => {
    await stopAll(writers);
    rmSync(folder, { recursive: true, force: true });
  });

  const read = () => readFileSync(tixline.ledger.path, 'utf8');
  const lines = (): Line[] => parse<Line>(read(), { columns: true });

  /** The file holds every ledger row once, in its order. Others' transactions may hold it back for a moment. */
  async function expectComplete(): Promise<void> {
    const { rows } = await tixline.sql<{ id: string }>(
      `SELECT id::text FROM ledger ORDER BY ledger.txid, ledger.id`,
    );
    await eventually(async () => {
      await tixline.ledger.catchUp();
      expect(lines().map(({ transaction_id }) => transaction_id)).toEqual(rows.map(({ id }) => id));
    });
  }

  async function sell(count: number): Promise<void> {
    const eventId = await tixline.event({ vip: count, regular: Math.ceil(count / 2) });
    const people = await tixline.peopleOf(count);
    const asks = Promise.all(
      people.map((person, i) => tixline.ask(person, eventId, i % 3 ? 'Regular' : 'VIP')),
    );
    await settleWhile(writers, asks);
  }

  it('holds every outcome once, the known seven columns first', async () => {
    await sell(300);
    const [buyer] = await tixline.peopleOf(1);
    const eventId = await tixline.event({ regular: 5 });
    const [order] = await buy(tixline, [buyer!], eventId, 2);
    await tixline.post(`/api/orders/${order!.id}/cancel`, { as: buyer! });
    const waiting = (await tixline.ask(buyer!, eventId)).json<{ request_id: string }>().request_id;
    await tixline.delete(`/api/ticket-requests/${waiting}`, { as: buyer! });
    await expectComplete();

    expect(read().split('\n', 1)[0]).toMatch(
      /^timestamp,user_name,user_email,ticket_type,request_id,status,reason,/,
    );
    const own = lines().filter(({ user_email }) => user_email === buyer!.email);
    expect(own.map(({ status, reason, quantity }) => [status, reason, quantity])).toEqual([
      ['granted', '', '2'],
      ['returned', 'user_cancelled', '2'],
      ['cancelled', 'user_cancelled', '1'],
    ]);
  });

  it('goes on from the last row when the numbers of one transaction grow a digit', async () => {
    const [buyer] = await tixline.peopleOf(1);
    await tixline.sql(
      `INSERT INTO ledger (event_id, request_id, tier, quantity, unit_price_cents, currency, status, user_id)
       SELECT 1, gen_random_uuid(), 2, 1, 0, 'EUR', 'granted', $1 FROM generate_series(1, 1200)`,
      [buyer!.id],
    );
    await expectComplete();
    await sell(3);
    await expectComplete();
  });

  it('is right again after it was cut anywhere, deleted, or had something appended', async () => {
    await expectComplete();
    const whole = await readFile(tixline.ledger.path);
    const chance = random(27);
    const cuts = [
      0,
      1,
      50,
      whole.length - 1,
      ...Array.from({ length: 12 }, () => Math.floor(chance() * whole.length)),
    ];
    // Eventually: the other worker's writer may be at it just now, and then this one leaves it alone.
    const expectWhole = () =>
      eventually(async () => {
        await tixline.ledger.catchUp();
        expect((await readFile(tixline.ledger.path)).equals(whole)).toBe(true);
      });
    for (const cut of cuts) {
      await truncate(tixline.ledger.path, cut);
      await expectWhole();
    }
    for (const garbage of ['x', '\n', 'half a line,"with an open quote', '\0'.repeat(10_000)]) {
      await appendFile(tixline.ledger.path, garbage);
      await expectWhole();
    }
    await rm(tixline.ledger.path);
    await expectWhole();
  });

  it('and when it was cut and something else was sold before the next write', async () => {
    const size = (await readFile(tixline.ledger.path)).length;
    await truncate(tixline.ledger.path, Math.floor(size / 2));
    await appendFile(tixline.ledger.path, 'torn,"li');
    await sell(20);
    await expectComplete();
  });

  it('is for its owner and their group, also when it was written anew', async () => {
    await expectComplete();
    expect(statSync(tixline.ledger.path).mode & 0o777).toBe(0o640);
    await tixline.ledger.rebuild();
    expect(statSync(tixline.ledger.path).mode & 0o777).toBe(0o640);
  });

  it('rebuilding gives the same bytes', async () => {
    await expectComplete();
    const whole = await readFile(tixline.ledger.path);
    await writeFile(tixline.ledger.path, 'nonsense'.repeat(100_000));
    const rows = await tixline.ledger.rebuild();
    expect((await readFile(tixline.ledger.path)).equals(whole)).toBe(true);
    expect(rows).toBe(lines().length);
    expect(await tixline.ledger.catchUp()).toBe(0);
    expect((await readFile(tixline.ledger.path)).equals(whole)).toBe(true);
  });

  it('machines with the same path on disks of their own have a whole file each', async () => {
    const home = mkdtempSync(join(tmpdir(), 'tixline-disks-'));
    const mounted = join(home, 'data');
    const disks = ['a', 'b'].map((name) => join(home, name));
    const file = new LedgerFile({ ...tixline.config, dataDir: mounted }, tixline.database);
    for (const disk of disks) mkdirSync(disk);
    try {
      for (let i = 0; i < 3; i += 1) {
        await sell(20);
        await expectComplete();
        for (const disk of disks) {
          await rename(disk, mounted);
          const written = await file.catchUp();
          // What is new, and not all from the start because the other machine was at it.
          if (i > 0) expect(written).toBe(20);
          await rename(mounted, disk);
        }
        const whole = await readFile(tixline.ledger.path);
        for (const disk of disks)
          expect((await readFile(join(disk, 'transactions.csv'))).equals(whole)).toBe(true);
      }
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });

  it('holds what the last tick settled when its process has stopped', async () => {
    const other = await Tixline.start({
      databaseUrl: tixline.config.databaseUrl!,
      env: { DATA_DIR: folder },
    });
    const eventId = await other.event({ regular: 200 });
    const people = await other.peopleOf(200);
    await Promise.all(people.map((person) => other.ask(person, eventId)));
    const tick = other.app.get(Tick, { strict: false }).run();
    await other.stop();
    const settled = await tick;
    const { rows } = await tixline.sql<{ id: string }>(
      `SELECT request_id::text AS id FROM ledger WHERE event_id = $1`,
      [eventId],
    );
    expect(rows.length).toBe(settled);
    const written = new Set(lines().map(({ request_id }) => request_id));
    expect(rows.filter(({ id }) => !written.has(id))).toEqual([]);
  });

  it('two writers at once never double a line', async () => {
    const writing = new AbortController();
    const write = async (writer: Tixline) => {
      while (!writing.signal.aborted) await writer.ledger.catchUp();
    };
    const both = Promise.all(writers.map(write));
    await sell(400);
    writing.abort();
    await both;
    await expectComplete();
  });

  it('a writer leaves the file to the one who writes it', async () => {
    await expectComplete();
    await tixline.database.transaction(async (client) => {
      const name = await tixline.ledger.cursorName();
      await client.query('SELECT FROM ledger_cursors WHERE name = $1 FOR UPDATE', [name]);
      const before = read();
      await buy(tixline, await tixline.peopleOf(3), await tixline.event({ regular: 3 }));
      expect(await endsWithin(2_000, writers[1]!.ledger.catchUp())).toBe(true);
      expect(read()).toBe(before);
    });
    await expectComplete();
  });

  it('rows of a transaction that commits late are not passed over', async () => {
    const person = await tixline.person('attendee', 'Late');
    const late = `INSERT INTO ledger (event_id, request_id, tier, quantity, unit_price_cents, currency, status, user_id)
      VALUES (1, gen_random_uuid(), 2, 1, 0, 'EUR', 'granted', ${person.id})`;
    await tixline.database.transaction(async (client) => {
      await client.query(late);
      await sell(10);
      await tixline.ledger.catchUp();
      await client.query(late);
    });
    await sell(10);
    await expectComplete();
    expect(lines().filter(({ user_name }) => user_name === 'Late')).toHaveLength(2);
  });

  it('names that could run, break a line or end a cell stay what they are: text in one cell of one line', async () => {
    const names = [
      `=cmd|'/C calc'!A0`,
      '+49 30 1234',
      '-1+1',
      '@SUM(A1:A9)',
      '\t=1+1',
      ' =1+1',
      '\uFF1D1+1',
      'Comma, Inc.',
      'She said "hi"',
      'two\r\nlines\nthree',
      'para\u2028graph',
      '👩🏽‍🎤 Zoë',
      '\u202Eright to left',
      ';=1',
      'plain',
    ];
    const eventId = await tixline.event({ regular: names.length });
    for (const name of names) await tixline.ask(await tixline.person('attendee', name), eventId);
    await tixline.settleAll();
    await expectComplete();
    const written = lines().slice(-names.length);
    expect(read().trimEnd().split('\n')).toHaveLength(lines().length + 1);
    for (const [i, { user_name }] of written.entries()) {
      expect(user_name).not.toMatch(/(^|[;,|\t])\s*[=+\-@\uFF1D]/u);
      expect(user_name).not.toMatch(/[\r\n\0\u2028]/u);
      // Nothing of the name is lost but line ends.
      expect(user_name!.replaceAll("'", '')).toBe(
        names[i]!.replace(/[\r\n\u2028]+/gu, ' ').replaceAll("'", ''),
      );
    }
  });
});
