import { eventually } from '../support/eventually';
import { Tixline, type Person } from '../support/tixline';

describe('the chance of a ticket', () => {
  let tixline: Tixline;
  beforeAll(async () => {
    tixline = await Tixline.start();
  });
  afterAll(() => tixline.stop());

  const ask = async (as: Person, eventId: number, quantity = 1) =>
    (await tixline.ask(as, eventId, 'Regular', quantity)).json<{ request_id: string }>().request_id;

  const chanceIs = (as: Person, id: string, chance: string) =>
    eventually(async () => {
      const standing = await tixline.get(`/api/queue/position?request_id=${id}`, { as });
      expect(standing.json()).toMatchObject({ status: 'queued', chance });
    });

  async function capacity(eventId: number, seats: number): Promise<void> {
    const boss = await tixline.person('admin');
    const { rows } = await tixline.sql<{ id: number }>(`SELECT id FROM ticket_types WHERE event_id = $1`, [
      eventId,
    ]);
    const changed = await tixline.patch(`/api/events/${eventId}/ticket-types/${rows[0]!.id}`, {
      as: boss,
      body: { capacity: seats },
    });
    expect(changed.statusCode).toBe(200);
  }

  it('is that of those who wait now, whatever others were given or refused before, and follows the capacity', async () => {
    const eventId = await tixline.event({ regular: 3 });
    const [early, greedy, ...waiting] = await tixline.peopleOf(5);
    await ask(early!, eventId, 2);
    await ask(greedy!, eventId, 4);
    await tixline.settleAll();
    await tixline.sql(`UPDATE lines SET paused = true WHERE event_id = $1`, [eventId]);
    const ids = [];
    for (const person of waiting) ids.push(await ask(person, eventId));
    await chanceIs(waiting[0]!, ids[0]!, 'likely');
    await chanceIs(waiting[2]!, ids[2]!, 'unlikely');

    await capacity(eventId, 5);
    await chanceIs(waiting[2]!, ids[2]!, 'likely');
    await capacity(eventId, 4);
    await chanceIs(waiting[1]!, ids[1]!, 'likely');
    await chanceIs(waiting[2]!, ids[2]!, 'unlikely');
  });

  it('counts the seats asked for and not the requests, and nobody who has left', async () => {
    const eventId = await tixline.event({ regular: 5 });
    await tixline.sql(`UPDATE lines SET paused = true WHERE event_id = $1`, [eventId]);
    const [first, second, third] = (await tixline.peopleOf(3)) as [Person, Person, Person];
    const large = await ask(first, eventId, 4);
    const middle = await ask(second, eventId, 2);
    const last = await ask(third, eventId);
    await chanceIs(first, large, 'likely');
    await chanceIs(second, middle, 'unlikely');
    await tixline.delete(`/api/ticket-requests/${large}`, { as: first });
    await chanceIs(second, middle, 'likely');
    await chanceIs(third, last, 'likely');
    await capacity(eventId, 0);
    await chanceIs(third, last, 'none');
  });

  it('is estimated for those far back', async () => {
    const eventId = await tixline.event({ regular: 150 });
    await tixline.sql(`UPDATE lines SET paused = true WHERE event_id = $1`, [eventId]);
    const people = await tixline.peopleOf(100);
    const ids = [];
    for (const person of people) ids.push(await ask(person, eventId, 2));
    await chanceIs(people[73]!, ids[73]!, 'likely');
    await chanceIs(people[76]!, ids[76]!, 'unlikely');
  });
});
