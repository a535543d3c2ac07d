import { Settlement } from '../../src/settlement';
import { CANCEL_ORDER } from '../../src/tickets/tickets.sql';
import { faultsIn, hashOfTables, outcomesOf, shelfOf } from '../support/books';
import { eventually } from '../support/eventually';
import { buy } from '../support/orders';
import { settleTogether, settleWhile, several, stopAll, without } from '../support/several';
import type { Tixline } from '../support/tixline';

describe('cancelling returns stock once', () => {
  let processes: Tixline[];
  let tixline: Tixline;
  beforeAll(async () => {
    processes = await several(2);
    tixline = processes[0]!;
  });
  afterAll(() => stopAll(processes));

  const at = (i: number) => processes[i % 2]!;

  it('one seat comes back when 50 cancel one order at once, and all get the same answer', async () => {
    const eventId = await tixline.event({ regular: 10 });
    const [buyer, ...others] = await tixline.peopleOf(5);
    const [order] = await buy(tixline, [buyer!, ...others], eventId);
    const cancel = (i: number) => at(i).post(`/api/orders/${order!.id}/cancel`, { as: buyer! });
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => cancel(i)));

    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(50).fill(200));
    expect(new Set(answers.map((answer) => answer.json<{ status: string }>().status))).toEqual(
      new Set(['cancelled']),
    );
    expect(await shelfOf(tixline, eventId)).toEqual({ remaining: 6, live: 4 });
    expect(await faultsIn(tixline)).toEqual([]);
  });

  it('an order of which one ticket is used stays as it is: 409', async () => {
    const eventId = await tixline.event({ regular: 10 });
    const staff = await tixline.person('staff');
    const buyer = await tixline.person();
    const [order] = await buy(tixline, [buyer], eventId, 3);
    await tixline.post(`/api/tickets/checkin/${order!.tickets[1]!.qr_token}`, { as: staff });
    const before = await hashOfTables(tixline);
    for (let i = 0; i < 4; i += 1) {
      const answer = await at(i).post(`/api/orders/${order!.id}/cancel`, { as: buyer });
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([409, 'ticket-used']);
    }
    expect(await hashOfTables(tixline)).toBe(before);
  });

  it('of cancelling and checking in at once, exactly one happens: 200 pairs', async () => {
    const eventId = await tixline.event({ regular: 200 });
    const staff = await tixline.person('staff');
    const buyers = await tixline.peopleOf(200);
    const orders = await buy(tixline, buyers, eventId);
    // A cancellation is three statements longer: the scan sets out later, by more or less from pair to pair.
    const later = (i: number) => new Promise((resolve) => setTimeout(resolve, [0, 3, 8, 20][i % 4]));
    const pairOf = async (i: number) => {
      const { id, tickets } = orders[i]!;
      const scan = () => at(i).post(`/api/tickets/checkin/${tickets[0]!.qr_token}`, { as: staff });
      const cancel = () => at(i + 1).post(`/api/orders/${id}/cancel`, { as: buyers[i]! });
      const [scanned, cancelled] = await Promise.all([later(i).then(scan), cancel()]);
      return [scanned.json<{ ok: boolean }>().ok, cancelled.statusCode] as const;
    };
    const pairs: (readonly [boolean, number])[] = [];
    for (let i = 0; i < orders.length; i += 10) {
      pairs.push(...(await Promise.all(Array.from({ length: 10 }, (_, n) => pairOf(i + n)))));
    }
    const entered = pairs.filter(([ok]) => ok).length;
    expect(pairs.filter(([ok, status]) => ok !== (status === 409))).toEqual([]);
    expect(entered).toBeGreaterThan(0);
    expect(entered).toBeLessThan(200);
    expect(await shelfOf(tixline, eventId)).toEqual({ remaining: 200 - entered, live: entered });
    expect(await faultsIn(tixline)).toEqual([]);
  });

  it('of leaving the line and being settled, exactly one happens: 500 pairs', async () => {
    const eventId = await tixline.event({ vip: 150, regular: 300 });
    const people = await tixline.peopleOf(500);
    const asked = await Promise.all(
      people.map((person, i) => at(i).ask(person, eventId, i % 3 === 0 ? 'VIP' : 'Regular')),
    );
    const ids = asked.map((answer) => answer.json<{ request_id: string }>().request_id);
    const leave = async (id: string, i: number) => {
      const answer = await at(i).delete(`/api/ticket-requests/${id}`, { as: people[i]! });
      return [id, answer.statusCode] as const;
    };
    const leaving = async () => {
      const answers: (readonly [string, number])[] = [];
      for (let i = 0; i < ids.length; i += 20) {
        answers.push(...(await Promise.all(ids.slice(i, i + 20).map((id, n) => leave(id, i + n)))));
      }
      return answers;
    };
    // Backwards, so that the line and those who leave it meet in the middle.
    ids.reverse();
    people.reverse();
    const answers = await settleWhile(processes, leaving());

    const { rows } = await tixline.sql<{ id: string; status: string }>(
      `SELECT id, status FROM ticket_requests WHERE event_id = $1`,
      [eventId],
    );
    const became = new Map(rows.map(({ id, status }) => [id, status]));
    const wrong = answers.filter(([id, status]) => (became.get(id) === 'cancelled') !== (status === 200));
    expect(wrong).toEqual([]);
    expect(new Set(answers.map(([, status]) => status))).toEqual(new Set([200, 409]));
    const { cancelled = 0, granted = 0, sold_out = 0 } = await outcomesOf(tixline, eventId);
    expect(cancelled + granted + sold_out).toBe(500);
    expect(await faultsIn(tixline)).toEqual([]);
  });

  it('giving back and settling take their locks in one order: no deadlock when both wait for the same type', async () => {
    const eventId = await tixline.event({ regular: 10 });
    const buyer = await tixline.person();
    const [order] = await buy(tixline, [buyer], eventId);
    await tixline.ask(buyer, eventId);
    const blocked = (count: number) =>
      eventually(async () => {
        const { rows } = await tixline.sql(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        expect(rows).toHaveLength(count);
      });
    let both: Promise<unknown> | undefined;
    await tixline.database.transaction(async (client) => {
      await client.query(`SELECT FROM ticket_types WHERE event_id = $1 FOR UPDATE`, [eventId]);
      const settlement = at(1).app.get(Settlement, { strict: false });
      const settling = settlement.settle(eventId, { vip: 0, regular: 2 }, 10);
      await blocked(1);
      const cancelling = at(0).post(`/api/orders/${order!.id}/cancel`, { as: buyer });
      await blocked(2);
      both = Promise.all([settling, cancelling]);
    });
    await both;
    await tixline.sql(`SELECT pg_stat_force_next_flush()`);
    const { rows } = await tixline.sql(
      `SELECT deadlocks::int AS deadlocks FROM pg_stat_database WHERE datname = current_database()`,
    );
    expect(rows).toEqual([{ deadlocks: 0 }]);
    expect(await faultsIn(tixline)).toEqual([]);
  });
});

describe('without the conditions in the statements that give an order back', () => {
  const guarded = { ...CANCEL_ORDER };
  let processes: Tixline[] = [];
  afterEach(async () => {
    Object.assign(CANCEL_ORDER, guarded);
    await stopAll(processes);
  });

  it('more seats come back than were sold, so the race above can see it', async () => {
    CANCEL_ORDER.claim = without(CANCEL_ORDER.claim, 'AND returned_at IS NULL');
    CANCEL_ORDER.void = without(CANCEL_ORDER.void, `AND status IN ('not_entered', 'entry_denied')`);
    processes = await several(2);
    const tixline = processes[0]!;
    await tixline.sql(`ALTER TABLE holdings DROP CONSTRAINT holdings_held_check`);
    const eventId = await tixline.event({ regular: 100 });
    const people = await tixline.peopleOf(80);
    const [order] = await buy(tixline, people, eventId);
    const cancel = (i: number) =>
      processes[i % 2]!.post(`/api/orders/${order!.id}/cancel`, { as: people[0]! });
    await Promise.all(Array.from({ length: 50 }, (_, i) => cancel(i)));
    await settleTogether(processes);
    expect((await shelfOf(tixline, eventId)).remaining).toBeGreaterThan(21);
    expect(await faultsIn(tixline)).not.toEqual([]);
  });
});
