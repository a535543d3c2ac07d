import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HISTORY_CHECKS, Verify } from '../../../src/ledger';
import { settingsOf, tixlineInProcess } from '../../support/command-line';
import { Tixline, type Person } from '../../support/tixline';

interface Line {
  user: number;
  key?: string | undefined;
  event: number;
  tier: 'VIP' | 'Regular';
  quantity: number;
  outcome: string;
  request_id?: string;
  place?: number;
}

/** What is done to the database → the checks of the history that must report it, and no others. $1 is the first answer's id. */
const DAMAGE: [name: string, sql: string, reported: string[]][] = [
  ['a request is lost', `DELETE FROM ticket_requests WHERE id = $1`, ['answered']],
  ['a request is of another', `UPDATE ticket_requests SET user_id = user_id + 1 WHERE id = $1`, ['answered']],
  ['a request is of another event', `UPDATE ticket_requests SET event_id = 1 WHERE id = $1`, ['answered']],
  ['a request has a seat less', `UPDATE ticket_requests SET quantity = 1 WHERE id = $1`, ['answered']],
  ['a place was moved', `UPDATE ticket_requests SET place = place + 9 WHERE id = $1`, ['answered']],
  [
    'a key is gone',
    `DELETE FROM idempotency_keys k USING ticket_requests r WHERE r.id = $1 AND k.user_id = r.user_id`,
    ['once'],
  ],
  [
    'a key stands for another place',
    `UPDATE idempotency_keys k SET place = k.place + 9 FROM ticket_requests r WHERE r.id = $1 AND k.user_id = r.user_id`,
    ['once'],
  ],
  [
    'two keys stand for one place',
    `INSERT INTO idempotency_keys SELECT k.user_id, 'other', k.event_id, k.tier, k.quantity, k.place, 0
       FROM idempotency_keys k JOIN ticket_requests r ON k.user_id = r.user_id WHERE r.id = $1`,
    ['once'],
  ],
  [
    'what was refused was taken in',
    `INSERT INTO idempotency_keys SELECT user_id, 'no', event_id, tier, quantity, place + 50, 0 FROM ticket_requests WHERE id = $1`,
    ['refused'],
  ],
  [
    'somebody still waits',
    `UPDATE ticket_requests SET status = 'queued', reason = NULL, first_number = NULL WHERE id = $1`,
    ['outcomes'],
  ],
];

describe('verify with the history of a client', () => {
  let tixline: Tixline;
  let folder: string;
  let buyers: Person[];
  let eventId: number;
  let history: Line[];

  beforeAll(async () => {
    tixline = await Tixline.start();
    folder = mkdtempSync(join(tmpdir(), 'tixline-history-'));
  });
  afterAll(async () => {
    await tixline.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Asks, and notes what came back. */
  const ask = async (who: number, key: string | undefined, quantity = 2): Promise<Line> => {
    const buyer = buyers[who]!;
    const answer = await tixline.ask(buyer, eventId, 'Regular', quantity, key);
    const asked: Line = {
      user: buyer.id,
      key,
      event: eventId,
      tier: 'Regular',
      quantity,
      outcome: 'refused',
    };
    if (answer.statusCode !== 202) return asked;
    const { request_id, place } = answer.json<{ request_id: string; place: number }>();
    return { ...asked, outcome: 'answered', request_id, place };
  };

  beforeEach(async () => {
    eventId = await tixline.event({ regular: 3 });
    buyers = await tixline.peopleOf(3);
    history = [
      await ask(0, 'a'),
      await ask(0, 'a'),
      await ask(1, 'b'),
      await ask(2, undefined),
      await ask(0, 'no', 99),
    ];
    // Its answer never arrived; the next attempt had it.
    history.push({ ...history[2]!, outcome: 'unknown' }, await ask(1, 'b'));
    // Told to come back, and did.
    history.push({ ...history[2]!, outcome: 'refused' });
    await tixline.settleAll();
  });

  // Whoever was made to wait again stands behind the line, where no tick finds them.
  afterEach(() => tixline.sql(`DELETE FROM ticket_requests WHERE status = 'queued'`));

  const write = (lines: readonly (Line | string)[]): string => {
    const path = join(folder, `${eventId}.jsonl`);
    const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
    writeFileSync(path, `${texts.join('\n')}\n`);
    return path;
  };
  const found = async (lines: readonly (Line | string)[], strict = true) => {
    const { checks, ok } = await tixline.app.get(Verify).run({ strict, history: write(lines) });
    return { ok, checks: checks.filter(({ name }) => HISTORY_CHECKS.some((check) => check.name === name)) };
  };
  const broken = async (lines: readonly (Line | string)[]) =>
    (await found(lines)).checks.filter((check) => check.broken > 0).map(({ name }) => name);

  it('finds nothing where everybody has what they were answered', async () => {
    const { checks } = await found(history);
    expect(checks.map(({ name, counted, broken: faults }) => [name, counted, faults])).toEqual([
      ['history', 8, 0],
      ['answered', 5, 0],
      ['once', 5, 0],
      ['refused', 2, 0],
      ['outcomes', 5, 0],
    ]);
  });

  it.each(DAMAGE)('finds that %s, and blames nothing else', async (_, damage, reported) => {
    await tixline.sql(damage, [history[0]!.request_id]);
    expect(await broken(history)).toEqual(reported);
  });

  it('finds that one key was answered with two requests', async () => {
    const second = await ask(0, 'c');
    await tixline.settleAll();
    expect(await broken([...history, { ...second, key: 'a' }])).toEqual(['once']);
  });

  it('takes a key that was forgotten after a day for no fault', async () => {
    await tixline.sql(`DELETE FROM idempotency_keys WHERE user_id = $1`, [buyers[0]!.id]);
    expect(await broken(history)).toEqual(['once']);
    await tixline.sql(
      `UPDATE ticket_requests SET created_at = created_at - interval '25 hours' WHERE user_id = $1`,
      [buyers[0]!.id],
    );
    expect(await broken(history)).toEqual([]);
  });

  it('lets those wait who do, unless it is strict', async () => {
    await tixline.sql(`UPDATE lines SET paused = true WHERE event_id = $1`, [eventId]);
    const waits = await ask(2, 'd', 1);
    expect((await found([waits], false)).checks.at(-1)).toMatchObject({
      name: 'outcomes',
      broken: 0,
      not_checked: expect.any(String),
    });
    expect(await broken([waits])).toEqual(['outcomes']);
  });

  it('names lines that it cannot read by their numbers, and reads the others', async () => {
    const answered = history[0]!;
    const lines = [
      answered,
      '{"user":1,"key":"a","eve',
      '[]',
      { ...answered, user: -1 },
      { ...answered, key: 'two words' },
      { ...answered, tier: 'Gold' as 'VIP' },
      { ...answered, quantity: 1.5 },
      { ...answered, outcome: 'maybe' },
      { ...answered, request_id: 'x' },
      { ...answered, place: 0 },
      '',
      { ...answered, event: 2 ** 40 },
      answered,
    ];
    const { checks, ok } = await found(lines);
    expect(ok).toBe(false);
    expect(checks[0]).toMatchObject({ name: 'history', counted: 12, broken: 10 });
    expect(checks[0]!.rows.map((row) => (row as { line: number }).line)).toEqual([
      2, 3, 4, 5, 6, 7, 8, 9, 10, 12,
    ]);
    expect(checks[1]).toMatchObject({ name: 'answered', counted: 2, broken: 0 });
  });

  it('reads a long one in pieces', async () => {
    const long = Array.from({ length: 12_000 }, (_, i) => history[i % history.length]!);
    const { checks } = await found([...long, { ...history[0]!, quantity: 3 }]);
    expect(checks.map(({ counted, broken: faults }) => [counted, faults]).slice(0, 3)).toEqual([
      [12_001, 0],
      [7_501, 1],
      [7_501, 1],
    ]);
    expect(checks[1]!.rows).toMatchObject([{ line: 12_001 }]);
  });

  it('at the command line: a table, the format in the help, and a file that is not there', async () => {
    const env = settingsOf(tixline);
    const run = (...args: string[]) => tixlineInProcess(['verify', ...args], env);
    const table = await run('--history', write(history));
    expect(table.out).toMatch(/✓ +once +5 +0/);
    const help = await run('--help');
    expect(help.out).toMatch(/--history <file>/);
    expect(help.out).toMatch(/outcome +answered: a 202 arrived/);
    const absent = await run('--history', join(folder, 'absent.jsonl'));
    expect(absent.code).toBe(2);
    expect(absent.err).toMatch(/The history .*absent\.jsonl cannot be read \(ENOENT\)/);
  });
});
