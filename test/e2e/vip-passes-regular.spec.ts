import { Tixline } from '../support/tixline';

describe('a VIP passes every Regular who still waits', () => {
  let tixline: Tixline;
  beforeAll(async () => {
    tixline = await Tixline.start();
  });
  afterAll(() => tixline.stop());

  it('serves VIPs first though they asked last, and each tier in its order', async () => {
    const eventId = await tixline.event({ vip: 10, regular: 10 });
    const people = await tixline.peopleOf(10);
    for (const person of people.slice(0, 5)) await tixline.ask(person, eventId, 'Regular');
    for (const person of people.slice(5)) await tixline.ask(person, eventId, 'VIP');

    await tixline.settleAll();

    const { rows } = await tixline.sql<{ tier: number; place: number }>(
      `SELECT tier, place FROM ticket_requests WHERE event_id = $1 ORDER BY first_number`,
      [eventId],
    );
    expect(rows.map(({ tier, place }) => `${tier}.${place}`)).toEqual(
      ['1.1', '1.2', '1.3', '1.4', '1.5', '2.1', '2.2', '2.3', '2.4', '2.5'],
    );
  });
});
