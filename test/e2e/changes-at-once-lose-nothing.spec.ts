import { several, stopAll } from '../support/several';
import type { Person, Tixline } from '../support/tixline';

/** Two hands on one event: what either has set stays set, and neither waits for the other for ever. */
describe('changes to one event at once', () => {
  let tixlines: Tixline[];
  let admin: Person;
  beforeAll(async () => {
    tixlines = await several(2);
    admin = await tixlines[0]!.person('admin');
  });
  afterAll(() => stopAll(tixlines));

  const lineOf = async (eventId: number) => {
    const { rows } = await tixlines[0]!.sql<{ pace: number | null; paused: boolean }>(
      `SELECT pace, paused FROM lines WHERE event_id = $1`,
      [eventId],
    );
    return rows[0]!;
  };

  it('a pace that is set while somebody pauses is not undone', async () => {
    const [one, two] = tixlines as [Tixline, Tixline];
    for (let round = 0; round < 5; round += 1) {
      const eventId = await one.event({ regular: 5 });
      const url = `/api/events/${eventId}/line`;
      let both: Promise<unknown> = Promise.resolve();
      // The row is held, as by a settlement, so that both have begun before either is through.
      await one.database.transaction(async (client) => {
        await client.query(`SELECT FROM lines WHERE event_id = $1 FOR UPDATE`, [eventId]);
        both = Promise.all([
          one.patch(url, { as: admin, body: { pace: 50 } }),
          two.patch(url, { as: admin, body: { paused: true } }),
        ]);
        await new Promise((resolve) => setTimeout(resolve, 100));
      });
      await both;
      expect(await lineOf(eventId)).toEqual({ pace: 50, paused: true });
    }
  });

  it('72 of them, of every kind, all come through', async () => {
    const eventId = await tixlines[0]!.event({ vip: 5, regular: 5 });
    const kinds = [
      { max_per_buyer: 5 },
      { pace: 10 },
      { name: 'Another name' },
      { entry_code_length: 4 },
      { pace: null, max_per_buyer: 6 },
    ];
    const answers = await Promise.all(
      Array.from({ length: 72 }, (_, i) =>
        i % 6 === 5
          ? tixlines[i % 2]!.patch(`/api/events/${eventId}/line`, {
              as: admin,
              body: { paused: i % 4 === 1 },
            })
          : tixlines[i % 2]!.patch(`/api/events/${eventId}`, { as: admin, body: kinds[i % 6]! }),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode).filter((status) => status !== 200)).toEqual([]);
  });

  it('times that exclude each other: one is told that the event has moved on', async () => {
    const eventId = await tixlines[0]!.event({ regular: 5 });
    const url = `/api/events/${eventId}`;
    for (let round = 0; round < 10; round += 1) {
      const reset = { sale_opens_at: '2027-01-01T00:00:00Z', sale_closes_at: '2027-03-01T00:00:00Z' };
      expect((await tixlines[0]!.patch(url, { as: admin, body: reset })).statusCode).toBe(200);
      const answers = await Promise.all([
        tixlines[0]!.patch(url, { as: admin, body: { sale_opens_at: '2027-02-15T00:00:00Z' } }),
        tixlines[1]!.patch(url, { as: admin, body: { sale_closes_at: '2027-02-01T00:00:00Z' } }),
      ]);
      const statuses = answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b);
      expect([
        [200, 400],
        [200, 412],
      ]).toContainEqual(statuses);
    }
  });

  it('a time on the wrong side of one that stands already is refused beside its field', async () => {
    const eventId = await tixlines[0]!.event({ regular: 5 });
    const answer = await tixlines[0]!.patch(`/api/events/${eventId}`, {
      as: admin,
      body: { ends_at: '2020-01-01T00:00:00Z' },
    });
    expect(answer.statusCode).toBe(400);
    expect(answer.json<{ errors: unknown[] }>().errors).toEqual([
      { pointer: '/ends_at', message: 'must not be before starts_at' },
    ]);
  });
});
