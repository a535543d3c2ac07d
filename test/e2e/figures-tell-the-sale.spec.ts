import { eventually } from '../support/eventually';
import { buy } from '../support/orders';
import { Tixline } from '../support/tixline';

const TOKEN = 'Qp71xZr5Wk93vTb2MnLkJhGfDsA0UiYt';

/** The value of a line of the text format, by its name and labels as they stand there. */
const valueOf = (text: string, line: string): number | undefined => {
  const found = text.split('\n').find((each) => each.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
};

describe('/metrics', () => {
  let tixline: Tixline;
  beforeAll(async () => {
    tixline = await Tixline.start();
  });
  afterAll(() => tixline.stop());

  const scrape = async () => (await tixline.get('/metrics')).body;

  /** An outcome counts once no older transaction of the server runs, in a neighbour's database neither. */
  async function expectAllCounted(): Promise<void> {
    const { rows } = await tixline.sql<{ outcomes: number }>(`SELECT count(*)::int AS outcomes FROM ledger`);
    await eventually(async () => {
      const counted = [...(await scrape()).matchAll(/^tixline_requests_settled_total\{.*\} (\d+)$/gm)];
      expect(counted.reduce((sum, [, value]) => sum + Number(value), 0)).toBe(rows[0]!.outcomes);
    });
  }

  it('tells for each event and tier how many were accepted, wait, and got which outcome', async () => {
    const eventId = await tixline.event({ vip: 1, regular: 2 });
    const of = (tier: string) => `{event="${eventId}",tier="${tier}"}`;
    const [ada, bob, eve, leaver] = await tixline.peopleOf(4);
    for (const person of [ada!, bob!, eve!]) await tixline.ask(person, eventId);
    await tixline.ask(ada!, eventId, 'VIP');
    const left = (await tixline.ask(leaver!, eventId)).json<{ request_id: string }>();
    await tixline.delete(`/api/ticket-requests/${left.request_id}`, { as: leaver! });
    const waiting = await scrape();
    expect(valueOf(waiting, `tixline_requests_accepted_total${of('Regular')}`)).toBe(4);
    expect(valueOf(waiting, `tixline_requests_waiting${of('Regular')}`)).toBe(3);
    expect(valueOf(waiting, `tixline_requests_waiting${of('VIP')}`)).toBe(1);
    await tixline.settleAll();
    await expectAllCounted();
    // Once more: what has been counted is not counted again.
    for (const text of [await scrape(), await scrape()]) {
      const settled = (tier: string, outcome: string, reason = '') =>
        valueOf(
          text,
          `tixline_requests_settled_total{tier="${tier}",outcome="${outcome}",reason="${reason}"}`,
        );
      expect([settled('VIP', 'granted'), settled('Regular', 'granted')]).toEqual([1, 2]);
      expect([
        settled('Regular', 'refused', 'sold_out'),
        settled('Regular', 'cancelled', 'user_cancelled'),
      ]).toEqual([1, 1]);
      expect(valueOf(text, `tixline_requests_waiting${of('Regular')}`)).toBe(0);
      expect(valueOf(text, `tixline_requests_accepted_total${of('VIP')}`)).toBe(1);
    }
    expect(valueOf(await scrape(), 'tixline_batches_total')).toBeGreaterThan(0);
  });

  it('passes over no outcome that is committed late', async () => {
    await tixline.database.transaction(async (client) => {
      await client.query(
        `INSERT INTO ledger (event_id, request_id, tier, quantity, unit_price_cents, currency, status, user_id)
         VALUES (1, gen_random_uuid(), 2, 1, 0, 'EUR', 'granted', 0)`,
      );
      await buy(tixline, await tixline.peopleOf(1), await tixline.event({ regular: 1 }));
      await scrape();
    });
    await expectAllCounted();
  });

  it('tells how far the ledger’s file is behind', async () => {
    await tixline.ledger.catchUp();
    const name = await tixline.ledger.cursorName();
    const behind = async () => valueOf(await scrape(), `tixline_ledger_rows_not_yet_written{file="${name}"}`);
    await eventually(async () => expect(await behind()).toBe(0));
    await buy(tixline, await tixline.peopleOf(2), await tixline.event({ regular: 2 }));
    expect(await behind()).toBe(2);
  });

  it('tells of ticks, the process and the pool, each with its kind and unit', async () => {
    await eventually(async () =>
      expect(valueOf(await scrape(), 'tixline_tick_duration_seconds_count')).toBeGreaterThan(0),
    );
    const answer = await tixline.get('/metrics');
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = answer.body;
    for (const line of [
      'tixline_tick_duration_seconds_bucket{le="+Inf"}',
      'tixline_tick_lateness_seconds_count',
      'tixline_permits_set_aside_total',
      'nodejs_eventloop_lag_p99_seconds',
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
      'tixline_database_connections{state="idle"}',
      'tixline_database_waiting',
      'tixline_figures_missing{source="line"}',
    ])
      expect([line, valueOf(text, line)]).toEqual([line, expect.any(Number)]);
    const kinds = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(
      ([, name, kind]) => [name!, kind!] as const,
    );
    for (const [name, kind] of kinds.filter(([each]) => each.startsWith('tixline_')))
      expect([name, name.endsWith('_total')]).toEqual([name, kind === 'counter']);
    // Each line of ours is a name, labels and a number; each name is told of once, before its lines.
    for (const line of text.split('\n').filter((each) => each.includes('tixline_')))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?[\d.e+-]+)$/);
    expect(new Set(kinds.map(([name]) => name)).size).toBe(kinds.length);
  });

  it('says what is missing while the database is away, and tells the rest', async () => {
    const { database } = tixline;
    const query = database.query;
    database.query = () => Promise.reject(new Error('away'));
    const text = await scrape();
    database.query = query;
    expect(valueOf(text, 'tixline_figures_missing{source="line"}')).toBe(1);
    expect(valueOf(text, 'process_resident_memory_bytes')).toBeGreaterThan(0);
    expect(text).not.toContain('away"');
  });

  it('asks for METRICS_TOKEN where there is one', async () => {
    const closed = await Tixline.start({
      databaseUrl: tixline.config.databaseUrl!,
      env: { METRICS_TOKEN: TOKEN },
    });
    const ask = (authorization?: string) =>
      closed.get('/metrics', { headers: authorization === undefined ? {} : { authorization } });
    const absent = await closed.get('/nothing.here');
    const admin = await closed.person('admin');
    for (const authorization of [
      undefined,
      '',
      TOKEN,
      `Basic ${TOKEN}`,
      `Bearer ${TOKEN}x`,
      `Bearer ${TOKEN.slice(0, -1)}`,
      `Bearer ${TOKEN.toLowerCase()}`,
      `Bearer ${admin.token}`,
    ]) {
      const answer = await ask(authorization);
      expect([authorization, answer.statusCode]).toEqual([authorization, 404]);
      expect(answer.json()).toEqual({
        ...absent.json<object>(),
        instance: '/metrics',
        request_id: expect.any(String),
      });
    }
    expect((await ask(`Bearer ${TOKEN}`)).body).toContain('tixline_requests_accepted_total');
    await closed.stop();
  });
});
