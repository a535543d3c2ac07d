import { Tixline, type Person } from '../support/tixline';

describe('times of an event', () => {
  let tixline: Tixline;
  let organizer: Person;
  beforeAll(async () => {
    tixline = await Tixline.start();
    organizer = await tixline.person('organizer');
  });
  afterAll(() => tixline.stop());

  const create = (times: object) =>
    tixline.post('/api/events', {
      as: organizer,
      body: { name: 'Late', ticket_types: [{ name: 'All', tier: 'Regular', capacity: 1 }], ...times },
    });

  it.each([
    ['2027-05-01T18:00:00+23:00', '2027-04-30T19:00:00.000Z'],
    ['2027-05-01T18:00:00-23:59', '2027-05-02T17:59:00.000Z'],
    ['2027-05-01T18:00Z', '2027-05-01T18:00:00.000Z'],
    ['2027-05-01T18:00:00.123456789Z', '2027-05-01T18:00:00.123Z'],
  ])('%s is %s, whatever the zone and the digits', async (given, shown) => {
    const made = await create({ starts_at: given });
    expect([made.statusCode, made.json()]).toEqual([201, expect.objectContaining({ starts_at: shown })]);
    const changed = await tixline.patch(`/api/events/${made.json<{ id: number }>().id}`, {
      as: organizer,
      body: { sale_opens_at: given },
    });
    expect([changed.statusCode, changed.json()]).toEqual([
      200,
      expect.objectContaining({ sale_opens_at: shown }),
    ]);
  });

  it('an order of times below the millisecond is no order', async () => {
    const at = '2027-05-01T18:00:00.000';
    const answer = await create({ starts_at: `${at}9Z`, ends_at: `${at}1Z` });
    expect(answer.statusCode).toBe(201);
  });
});
