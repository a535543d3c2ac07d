import { faultsIn, outcomesOf } from '../support/books';
import { Tixline } from '../support/tixline';

/** Pause and pace hold back tickets. Whoever gets none is told at once. */
describe('on a paced line', () => {
  let tixline: Tixline;
  beforeAll(async () => {
    tixline = await Tixline.start();
  });
  afterAll(() => tixline.stop());

  const held = async (eventId: number, pace: number | null, paused: boolean) => {
    const admin = await tixline.person('admin');
    const answer = await tixline.patch(`/api/events/${eventId}/line`, { as: admin, body: { pace, paused } });
    expect(answer.statusCode).toBe(200);
  };

  it('one account that asks far too often holds up nobody behind it', async () => {
    const eventId = await tixline.event({ regular: 50 });
    await held(eventId, 2, true);
    const [greedy, ...others] = await tixline.peopleOf(3);
    for (let i = 0; i < 100; i += 1) await tixline.ask(greedy!, eventId, 'Regular', 4);
    for (const other of others) await tixline.ask(other, eventId);
    await tixline.sql(
      `UPDATE lines SET paused = false, paced_until = now() - interval '10 seconds' WHERE event_id = $1`,
      [eventId],
    );
    await held(eventId, 2, false);
    // Two tickets a second: what is due now goes to the greedy one and the first behind, 99 refusals between them.
    const before = Date.now();
    for (let granted = 0; granted < 3;) {
      await tixline.tick();
      granted = (await outcomesOf(tixline, eventId))['granted'] ?? 0;
      expect(Date.now() - before).toBeLessThan(5_000);
    }
    expect(await outcomesOf(tixline, eventId)).toEqual({ granted: 3, limit_reached: 99 });
    expect(await faultsIn(tixline)).toEqual([]);
  });

  it('and a paused one, all who wait hear at once that the sale is closed', async () => {
    const organizer = await tixline.person('admin');
    const eventId = await tixline.event({ vip: 5, regular: 50 });
    await held(eventId, 1, true);
    const people = await tixline.peopleOf(40);
    await Promise.all(people.map((person, i) => tixline.ask(person, eventId, i % 4 ? 'Regular' : 'VIP')));
    expect((await tixline.post(`/api/events/${eventId}/close`, { as: organizer })).statusCode).toBe(200);
    await tixline.tick();
    expect(await outcomesOf(tixline, eventId)).toEqual({ sale_closed: 40 });
    const { rows } = await tixline.sql(`SELECT paused FROM lines WHERE event_id = $1`, [eventId]);
    expect(rows).toEqual([{ paused: false }]);
  });
});
