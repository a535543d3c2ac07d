import { EventLines } from '../../src/platform/queue';
import { REGULAR, VIP } from '../../src/shared/tier';
import { eventually } from '../support/eventually';
import { faultsIn, outcomesOf } from '../support/books';
import { Tixline } from '../support/tixline';

/**
 * Permits for places that nobody has been given: left in a Redis that outlived its database, from another installation
 * on the same Redis, or written by hand in Bull Board.
 */
describe('a permit beyond the last place', () => {
  let tixline: Tixline;
  beforeAll(async () => {
    tixline = await Tixline.start();
  });
  afterAll(() => tixline.stop());

  const lines = () => tixline.app.get(EventLines);
  const beyond = (eventId: number, tier: 1 | 2) =>
    lines().offer({ eventId, tier, from: 1, to: 15_000, requests: 15_000 });
  const waitingJobs = async (eventId: number) => (await lines().waitingJobs(eventId)).claimable;

  it('serves who is there and nobody else: whoever comes later is served in turn', async () => {
    const eventId = await tixline.event({ vip: 10, regular: 10 });
    const people = await tixline.peopleOf(8);
    await beyond(eventId, REGULAR);
    await beyond(eventId, VIP);
    for (const [i, person] of people.entries()) {
      await tixline.ask(person, eventId, i % 2 === 0 ? 'VIP' : 'Regular');
      await tixline.settleAll();
    }
    expect(await outcomesOf(tixline, eventId)).toEqual({ granted: 8 });
    const { rows } = await tixline.sql(`SELECT vip_served, regular_served FROM lines WHERE event_id = $1`, [
      eventId,
    ]);
    expect(rows).toEqual([{ vip_served: 4, regular_served: 4 }]);
    expect(await faultsIn(tixline)).toEqual([]);
  });

  it('is used up, and not put back for ever', async () => {
    const eventId = await tixline.event({ regular: 10 });
    const [person] = await tixline.peopleOf(1);
    await beyond(eventId, REGULAR);
    await tixline.ask(person!, eventId);
    await tixline.settleAll();
    // The request's own permit may come after it was served by the foreign one.
    await eventually(async () => {
      await tixline.tick();
      expect(await waitingJobs(eventId)).toBe(0);
    });
  });
});
