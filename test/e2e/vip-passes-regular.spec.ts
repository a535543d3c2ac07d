import { EventLines } from '../../src/platform/queue';
import { Settlement, SETTLEMENT } from '../../src/settlement';
import { faultsIn } from '../support/books';
import { eventually } from '../support/eventually';
import { settleTogether, settleWhile, several, stopAll, without } from '../support/several';
import type { Tixline } from '../support/tixline';

describe('a VIP passes every Regular who still waits', () => {
  let settlers: Tixline[];
  let tixline: Tixline;
  beforeAll(async () => {
    settlers = await several(4);
    tixline = settlers[0]!;
  });
  afterAll(() => stopAll(settlers));

  /** Tier and place of everybody who got tickets, in the order in which tickets were numbered. */
  async function served(eventId: number): Promise<string[]> {
    const { rows } = await tixline.sql<{ tier: number; place: number }>(
      `SELECT tier, place FROM ticket_requests WHERE event_id = $1 AND status = 'granted' ORDER BY first_number`,
      [eventId],
    );
    return rows.map(({ tier, place }) => `${tier}.${place}`);
  }

  async function inversionsWithinTiers(eventId: number): Promise<number> {
    const { rows } = await tixline.sql<{ inversions: number }>(
      `SELECT count(*)::int AS inversions FROM (
         SELECT place - lag(place) OVER (PARTITION BY tier ORDER BY first_number) AS step
           FROM ticket_requests WHERE event_id = $1 AND status = 'granted') s WHERE step < 0`,
      [eventId],
    );
    return rows[0]!.inversions;
  }

  const places = (tier: number, count: number) => Array.from({ length: count }, (_, i) => `${tier}.${i + 1}`);

  it('serves VIPs first though they asked last, and each tier in its order', async () => {
    const eventId = await tixline.event({ vip: 10, regular: 10 });
    const people = await tixline.peopleOf(10);
    for (const person of people.slice(0, 5)) await tixline.ask(person, eventId, 'Regular');
    for (const person of people.slice(5)) await tixline.ask(person, eventId, 'VIP');

    await tixline.settleAll();

    expect(await served(eventId)).toEqual([...places(1, 5), ...places(2, 5)]);
  });

  it('holds with four settlers when the VIPs came in a later tick', async () => {
    const organizer = await tixline.person('organizer');
    const eventId = await tixline.event({ vip: 200, regular: 400 });
    await tixline.sql(`UPDATE events SET organizer_id = $2 WHERE id = $1`, [eventId, organizer.id]);
    const people = await tixline.peopleOf(500);
    const regulars = people.slice(0, 350);
    await Promise.all(regulars.slice(0, 50).map((person) => tixline.ask(person, eventId)));
    await settleTogether(settlers);
    await tixline.patch(`/api/events/${eventId}/line`, { as: organizer, body: { paused: true } });
    await Promise.all(regulars.slice(50).map((person, i) => settlers[i % 4]!.ask(person, eventId)));
    expect(await Promise.all(settlers.map((settler) => settler.tick()))).toEqual([0, 0, 0, 0]);
    await Promise.all(people.slice(350).map((person, i) => settlers[i % 4]!.ask(person, eventId, 'VIP')));
    await tixline.patch(`/api/events/${eventId}/line`, { as: organizer, body: { paused: false } });
    await settleTogether(settlers);

    const order = await served(eventId);
    expect(order.slice(50, 200)).toEqual(places(1, 150));
    expect([...order.slice(0, 50), ...order.slice(200)]).toEqual(places(2, 350));
    expect(await faultsIn(tixline)).toEqual([]);
  });

  it('holds while everybody asks and four settle: no inversion in a tier, no Regular ahead of a VIP answered before', async () => {
    const eventId = await tixline.event({ vip: 1_000, regular: 2_000 });
    const people = await tixline.peopleOf(1_500);
    const answeredAt = new Map<string, number>();
    const ask = async (i: number) => {
      const type = i % 3 === 2 ? 'VIP' : 'Regular';
      const answer = await settlers[i % 4]!.ask(people[i]!, eventId, type);
      if (type === 'VIP') answeredAt.set(answer.json<{ request_id: string }>().request_id, Date.now());
    };
    const asking = async () => {
      for (let i = 0; i < people.length; i += 100) {
        await Promise.all(Array.from({ length: 100 }, (_, n) => ask(i + n)));
      }
    };
    await settleWhile(settlers, asking());

    expect(await inversionsWithinTiers(eventId)).toBe(0);
    const { rows } = await tixline.sql<{ id: string; tier: number; begun: number }>(
      `SELECT id, tier, (extract(epoch FROM settled_at) * 1000)::float8 AS begun FROM ticket_requests
        WHERE event_id = $1 ORDER BY first_number DESC`,
      [eventId],
    );
    // Walking back: a VIP who comes later in the order must not have been answered before a Regular's batch began.
    let answered = Infinity;
    const passed = rows.filter(({ id, tier, begun }) => {
      if (tier === 2) return answered < begun;
      answered = Math.min(answered, answeredAt.get(id)!);
      return false;
    });
    expect(passed).toEqual([]);
    expect(await faultsIn(tixline)).toEqual([]);
  });

  it('holds when the permits of the VIPs are lost from the queue', async () => {
    const eventId = await tixline.event({ vip: 50, regular: 50 });
    const people = await tixline.peopleOf(60);
    for (const person of people.slice(0, 30)) await tixline.ask(person, eventId);
    for (const person of people.slice(30)) await tixline.ask(person, eventId, 'VIP');
    const lines = tixline.app.get(EventLines);
    await eventually(async () => {
      const jobs = await lines.queue(eventId).getJobs(['prioritized', 'waiting']);
      const vips = jobs.filter(({ data }) => data.tier === 1);
      expect(Math.max(...vips.map(({ data }) => data.to))).toBe(30);
      await Promise.all(vips.map((job) => job.remove()));
    });
    await tixline.settleAll();

    expect(await served(eventId)).toEqual([...places(1, 30), ...places(2, 30)]);
  });

  it('counts VIPs who are taken in while a settler waits for its turn', async () => {
    const eventId = await tixline.event({ vip: 5, regular: 5 });
    const [regular, vip] = await tixline.peopleOf(2);
    await tixline.ask(regular!, eventId);
    let settling: Promise<unknown> | undefined;
    await tixline.database.transaction(async (client) => {
      await client.query(`SELECT FROM lines WHERE event_id = $1 FOR UPDATE`, [eventId]);
      settling = settlers[1]!.app
        .get(Settlement, { strict: false })
        .settle(eventId, { vip: 0, regular: 1 }, 10);
      await eventually(async () => {
        const { rows } = await tixline.sql(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        expect(rows).toHaveLength(1);
      });
      expect((await tixline.ask(vip!, eventId, 'VIP')).statusCode).toBe(202);
    });
    await settling;
    expect(await served(eventId)).toEqual(['1.1', '2.1']);
  });
});

describe('without the rule that VIPs accepted by now go first', () => {
  const guarded = SETTLEMENT.read;
  let settlers: Tixline[] = [];
  afterAll(async () => {
    SETTLEMENT.read = guarded;
    await stopAll(settlers);
  });

  it('a Regular with a permit is served before a VIP whose permit was lost', async () => {
    const vipLast =
      '(SELECT p.last_place FROM line_places p WHERE p.event_id = l.event_id AND p.tier = 1) AS vip_last';
    SETTLEMENT.read = without(guarded, vipLast).replace('e.max_per_buyer,', 'e.max_per_buyer, 0 AS vip_last');
    settlers = await several(1);
    const tixline = settlers[0]!;
    const eventId = await tixline.event({ vip: 5, regular: 5 });
    const [regular, vip] = await tixline.peopleOf(2);
    await tixline.ask(regular!, eventId);
    await tixline.ask(vip!, eventId, 'VIP');
    await tixline.app.get(Settlement, { strict: false }).settle(eventId, { vip: 0, regular: 1 }, 10);
    const { rows } = await tixline.sql<{ tier: number; status: string }>(
      `SELECT tier, status FROM ticket_requests WHERE event_id = $1 ORDER BY tier`,
      [eventId],
    );
    expect(rows.map(({ tier, status }) => `${tier} ${status}`)).toEqual(['1 queued', '2 granted']);
  });
});
