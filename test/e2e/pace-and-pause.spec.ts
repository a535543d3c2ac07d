import { faultsIn, outcomesOf } from '../support/books';
import { eventually } from '../support/eventually';
import { several, stopAll } from '../support/several';
import type { Person, Tixline } from '../support/tixline';

interface LineNow {
  vip: { waiting: number; served_place: number };
  regular: { waiting: number; served_place: number };
  pace: number | null;
  paused: boolean;
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('pace and pause', () => {
  // Two workers share the pace of an event; they tick by themselves here.
  let workers: Tixline[];
  let tixline: Tixline;
  let organizer: Person;
  beforeAll(async () => {
    workers = await several(2, { tickIntervalMs: 100 });
    tixline = workers[0]!;
    organizer = await tixline.person('organizer');
  });
  afterAll(() => stopAll(workers));

  async function crowd(size: number, line: { pace?: number | null; paused?: boolean }): Promise<number> {
    const eventId = await tixline.event({ vip: size, regular: size });
    await tixline.sql(`UPDATE events SET organizer_id = $2 WHERE id = $1`, [eventId, organizer.id]);
    await steer(eventId, line);
    const people = await tixline.peopleOf(size);
    await Promise.all(
      people.map((person, i) => tixline.ask(person, eventId, i % 4 === 0 ? 'VIP' : 'Regular')),
    );
    return eventId;
  }

  const steer = async (eventId: number, body: { pace?: number | null; paused?: boolean }) => {
    const answer = await tixline.patch(`/api/events/${eventId}/line`, { as: organizer, body });
    expect(answer.statusCode).toBe(200);
    return answer.json<LineNow>();
  };

  const settled = async (eventId: number) => {
    const { granted = 0 } = await outcomesOf(tixline, eventId);
    return granted;
  };

  /**
   * Requests settled per second over a stretch of time, from one settlement to another by the database's own clock: when
   * we look, and how late a tick was, is not in it.
   */
  async function rate(eventId: number, ms: number): Promise<number> {
    const lastMove = async () => {
      const { rows } = await tixline.sql<{ settled: number; at: number }>(
        `SELECT settled::int AS settled, extract(epoch FROM changed_at)::float8 AS at FROM lines WHERE event_id = $1`,
        [eventId],
      );
      return rows[0]!;
    };
    const before = await lastMove();
    await wait(ms);
    const after = await lastMove();
    return (after.settled - before.settled) / (after.at - before.at);
  }

  it('holds a pace of 20 within a tenth over four seconds, with two workers, and follows a change while it runs', async () => {
    const eventId = await crowd(400, { pace: 20 });
    await eventually(async () => expect(await settled(eventId)).toBeGreaterThan(0));
    await wait(500);
    const steady = await rate(eventId, 4_000);
    expect(steady).toBeGreaterThan(18);
    expect(steady).toBeLessThan(22);

    await steer(eventId, { pace: 60 });
    await wait(1_000);
    const faster = await rate(eventId, 2_000);
    expect(faster).toBeGreaterThan(54);
    expect(faster).toBeLessThan(66);

    await steer(eventId, { pace: null });
    await eventually(async () => expect(await settled(eventId)).toBe(400));
    expect(await faultsIn(tixline)).toEqual([]);
  });

  it('holds it from the first second on: a line that stood still does not make up for it', async () => {
    const eventId = await crowd(200, { pace: 20, paused: true });
    await wait(1_200);
    await steer(eventId, { paused: false });
    await wait(2_000);
    const first = await settled(eventId);
    expect(first).toBeGreaterThan(30);
    // Two seconds at 20, and what one tick may be late.
    expect(first).toBeLessThanOrEqual(45);
    await steer(eventId, { pace: null });
    await eventually(async () => expect(await settled(eventId)).toBe(200));
  });

  it('nor does one at which nobody stood, when a crowd comes', async () => {
    const eventId = await crowd(200, { pace: 20 });
    await wait(1_000);
    const first = await settled(eventId);
    expect(first).toBeGreaterThan(12);
    expect(first).toBeLessThanOrEqual(27);
    await steer(eventId, { pace: null });
    await eventually(async () => expect(await settled(eventId)).toBe(200));
  });

  it('one buyer at an empty line is served at the next tick, however slow the pace', async () => {
    const eventId = await crowd(1, { pace: 1 });
    await eventually(async () => expect(await settled(eventId)).toBe(1), 800);
  });

  it('pause keeps everybody’s place, VIPs still pass, and resume goes on', async () => {
    const eventId = await crowd(100, { paused: true });
    await wait(400);
    expect(await settled(eventId)).toBe(0);
    const before = (await tixline.get(`/api/events/${eventId}/line`)).json<LineNow>();
    expect(before).toMatchObject({ paused: true, vip: { waiting: 25 }, regular: { waiting: 75 } });

    const vip = await tixline.person();
    const late = (await tixline.ask(vip, eventId, 'VIP')).json<{ request_id: string; eta_seconds: null }>();
    expect(late).toMatchObject({ status: 'queued', position: 26, eta_seconds: null });
    await wait(300);
    expect(
      (await tixline.get(`/api/queue/position?request_id=${late.request_id}`, { as: vip })).json(),
    ).toMatchObject({
      status: 'queued',
      position: 26,
    });

    await steer(eventId, { paused: false });
    await eventually(async () => expect(await settled(eventId)).toBe(101));
    const { rows } = await tixline.sql<{ id: string }>(
      `SELECT id FROM ticket_requests WHERE event_id = $1 ORDER BY first_number`,
      [eventId],
    );
    // Ids ascend with tier and place.
    expect(rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id).toSorted());
    expect(await faultsIn(tixline)).toEqual([]);
  });

  it('one event held back holds up no other', async () => {
    const held = await crowd(50, { paused: true });
    const slow = await crowd(50, { pace: 1 });
    const free = await crowd(50, {});
    await eventually(async () => expect(await settled(free)).toBe(50), 3_000);
    expect(await settled(held)).toBe(0);
    expect(await settled(slow)).toBeLessThan(10);
    await steer(held, { paused: false });
    await steer(slow, { pace: null });
    await eventually(async () => expect([await settled(held), await settled(slow)]).toEqual([50, 50]));
  });

  it('only its organiser may steer a line', async () => {
    const eventId = await crowd(1, {});
    const url = `/api/events/${eventId}/line`;
    const others = [
      [await tixline.person(), 403],
      [await tixline.person('staff'), 403],
      [await tixline.person('organizer'), 404],
      [undefined, 401],
    ] as const;
    for (const [as, status] of others) {
      const answer = await tixline.patch(url, { ...(as && { as }), body: { paused: true } });
      expect(answer.statusCode).toBe(status);
    }
    expect((await tixline.get(url)).json<LineNow>().paused).toBe(false);
  });
});
