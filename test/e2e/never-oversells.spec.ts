import { STOCK } from '../../src/inventory';
import { faultsIn, outcomesOf, shelfOf } from '../support/books';
import { settleTogether, settleWhile, several, stopAll, without } from '../support/several';
import { Tixline, type Person } from '../support/tixline';

const TYPES = ['VIP', 'Regular'] as const;

describe('never oversells', () => {
  let settlers: Tixline[];
  let tixline: Tixline;
  beforeAll(async () => {
    settlers = await several(4);
    tixline = settlers[0]!;
  });
  afterAll(() => stopAll(settlers));

  it('gives the last seat to one of 200 who ask at once', async () => {
    const eventId = await tixline.event({ regular: 1 });
    const people = await tixline.peopleOf(200);
    const asks = Promise.all(people.map((person, i) => settlers[i % 4]!.ask(person, eventId)));
    const answers = await settleWhile(settlers, asks);

    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(200).fill(202));
    expect(await outcomesOf(tixline, eventId)).toEqual({ granted: 1, sold_out: 199 });
    expect(await faultsIn(tixline)).toEqual([]);
  });

  it('sells 100 seats to 2,000 requests of any quantity exactly as they came, with four settlers at once', async () => {
    const eventId = await tixline.event({ vip: 30, regular: 70 });
    const people = await tixline.peopleOf(2_000);
    const asks = Promise.all(
      people.map((person, i) => settlers[i % 4]!.ask(person, eventId, TYPES[Number(i % 5 > 0)], (i % 4) + 1)),
    );
    const answers = await settleWhile(settlers, asks);

    expect(answers.filter(({ statusCode }) => statusCode !== 202)).toEqual([]);
    // Everybody asks once, so each tier must come out as if its places were served one by one.
    for (const [tier, seats] of [
      [1, 30],
      [2, 70],
    ] as const) {
      const { rows } = await tixline.sql<{ quantity: number; status: string }>(
        `SELECT quantity, status FROM ticket_requests WHERE event_id = $1 AND tier = $2 ORDER BY place`,
        [eventId, tier],
      );
      let left: number = seats;
      const expected = rows.map(({ quantity }) =>
        quantity <= left ? ((left -= quantity), 'granted') : 'refused',
      );
      expect(rows.map(({ status }) => status)).toEqual(expected);
      expect(await shelfOf(tixline, eventId, tier)).toEqual({ remaining: left, live: seats - left });
      expect(left).toBe(0);
    }
    expect(await faultsIn(tixline)).toEqual([]);
  });

  it('grants in order when a batch does not fit: a smaller request behind a larger one still fits', async () => {
    const eventId = await tixline.event({ vip: 5, regular: 5 });
    const wanted = { VIP: [4, 3, 1, 1], Regular: [3, 3, 2, 1] };
    const people: Record<string, Person[]> = {};
    for (const type of TYPES) {
      people[type] = await tixline.peopleOf(4);
      for (const [i, quantity] of wanted[type].entries())
        await tixline.ask(people[type][i]!, eventId, type, quantity);
    }
    await tixline.settleAll();

    const came = async (type: 'VIP' | 'Regular') => {
      const { rows } = await tixline.sql<{ outcome: string }>(
        `SELECT coalesce(reason::text, status::text) AS outcome FROM ticket_requests
          WHERE event_id = $1 AND tier = $2 ORDER BY place`,
        [eventId, type === 'VIP' ? 1 : 2],
      );
      return rows.map(({ outcome }) => outcome);
    };
    expect(await came('VIP')).toEqual(['granted', 'sold_out', 'granted', 'sold_out']);
    expect(await came('Regular')).toEqual(['granted', 'sold_out', 'granted', 'sold_out']);
    expect(await faultsIn(tixline)).toEqual([]);
  });

  it('does not count a sold-out VIP request against the same buyer’s Regular one in the same batch', async () => {
    const eventId = await tixline.event({ vip: 1, regular: 4 });
    const buyer = await tixline.person();
    await tixline.ask(buyer, eventId, 'VIP', 4);
    await tixline.ask(buyer, eventId, 'Regular', 4);
    await tixline.settleAll();
    expect(await outcomesOf(tixline, eventId)).toEqual({ granted: 1, sold_out: 1 });
    expect(await shelfOf(tixline, eventId, 2)).toEqual({ remaining: 0, live: 4 });
    expect(await faultsIn(tixline)).toEqual([]);
  });

  it('never sells below nothing when the capacity is cut while it sells', async () => {
    const organizer = await tixline.person('organizer');
    const eventId = await tixline.event({ regular: 300 });
    await tixline.sql(`UPDATE events SET organizer_id = $2 WHERE id = $1`, [eventId, organizer.id]);
    const { rows } = await tixline.sql<{ id: number }>(`SELECT id FROM ticket_types WHERE event_id = $1`, [
      eventId,
    ]);
    const people = await tixline.peopleOf(400);
    const cut = async (capacity: number) =>
      tixline.patch(`/api/events/${eventId}/ticket-types/${rows[0]!.id}`, {
        as: organizer,
        body: { capacity },
      });
    const asks = Promise.all(
      people.map(async (person, i) => {
        await settlers[i % 4]!.ask(person, eventId);
        return i % 40 === 39 ? (await cut(300 - Math.floor(i / 2))).statusCode : 200;
      }),
    );
    const statuses = await settleWhile(settlers, asks);
    expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
    expect(await faultsIn(tixline)).toEqual([]);
  });
});

describe('without the condition in the statement that takes stock, and without the two constraints behind it', () => {
  const guarded = STOCK.take;
  let settlers: Tixline[] = [];
  afterEach(async () => {
    STOCK.take = guarded;
    await stopAll(settlers);
  });

  it('oversells, so the race above can see it', async () => {
    STOCK.take = without(STOCK.take, 'AND remaining >= $2');
    settlers = await several(2);
    const tixline = settlers[0]!;
    for (const bound of ['not_negative', 'within_capacity']) {
      await tixline.sql(`ALTER TABLE ticket_types DROP CONSTRAINT ticket_type_remaining_${bound}`);
    }
    const eventId = await tixline.event({ regular: 1 });
    const people = await tixline.peopleOf(200);
    await Promise.all(people.map((person, i) => settlers[i % 2]!.ask(person, eventId)));
    await settleTogether(settlers);

    const { remaining, live } = await shelfOf(tixline, eventId);
    expect(live).toBeGreaterThan(1);
    expect(remaining).toBeLessThan(0);
  });
});
