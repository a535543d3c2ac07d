import { LineBoard } from '../../src/line';
import { Settlement } from '../../src/settlement';
import { faultsIn, hashOfTables } from '../support/books';
import { random } from '../support/random';
import { several, stopAll } from '../support/several';
import type { Person, Tixline } from '../support/tixline';

interface Standing {
  request_id: string;
  status: string;
  position: number;
  ahead: number;
  vip_ahead: number;
}

interface Ranked {
  id: string;
  tier: number;
  ahead: number;
  vip_ahead: number;
}

describe('a position is exact', () => {
  let processes: Tixline[];
  let tixline: Tixline;
  beforeAll(async () => {
    processes = await several(2);
    tixline = processes[0]!;
  });
  afterAll(() => stopAll(processes));

  /** Where everybody who waits stands, by counting rows. */
  async function ranks(eventId: number): Promise<Ranked[]> {
    const { rows } = await tixline.sql<Ranked & Record<string, unknown>>(
      `SELECT id, tier, (row_number() OVER (ORDER BY tier, place) - 1)::int AS ahead,
              (count(*) FILTER (WHERE tier = 1) OVER (ORDER BY tier, place) - (tier = 1)::int)::int AS vip_ahead
         FROM ticket_requests WHERE event_id = $1 AND status = 'queued' ORDER BY tier, place`,
      [eventId],
    );
    return rows;
  }

  async function lastPlaces(eventId: number): Promise<{ vip: number; regular: number }> {
    const { rows } = await tixline.sql<{ last_place: number }>(
      `SELECT last_place FROM line_places WHERE event_id = $1 ORDER BY tier`,
      [eventId],
    );
    return { vip: rows[0]!.last_place, regular: rows[1]!.last_place };
  }

  it('at every tick, for everybody, while VIPs join and people leave', async () => {
    const chance = random(20_270_501);
    const eventId = await tixline.event({ vip: 10_000, regular: 10_000 });
    const askers = await tixline.peopleOf(900);
    const holder = new Map<string, Person>();
    const before = new Map<string, Standing>();
    let grown = 0;
    let asked = 0;

    const join = async (type: 'VIP' | 'Regular') => {
      const person = askers[asked % askers.length]!;
      const answer = await processes[asked % 2]!.ask(person, eventId, type);
      asked += 1;
      const { request_id, position, vip_ahead } = answer.json<Standing>();
      holder.set(request_id, person);
      // What the 202 says is where the request stands at that moment.
      const rank = (await ranks(eventId)).find(({ id }) => id === request_id)!;
      expect({ position, vip_ahead }).toEqual({ position: rank.ahead + 1, vip_ahead: rank.vip_ahead });
      await refresh();
    };
    const refresh = () => Promise.all(processes.map(({ app }) => app.get(LineBoard).refresh([eventId])));
    const leave = async (waiting: readonly Ranked[]) => {
      if (waiting.length === 0) return;
      const { id } = waiting[Math.floor(chance() * waiting.length)]!;
      const answer = await processes[Math.floor(chance() * 2)]!.delete(`/api/ticket-requests/${id}`, {
        as: holder.get(id)!,
      });
      expect([200, 409]).toContain(answer.statusCode);
    };

    for (let round = 0; round < 60; round += 1) {
      const joining = round < 45 ? 6 : 0;
      for (let i = 0; i < joining; i += 1) await join(chance() < 0.3 ? 'VIP' : 'Regular');
      if (round > 3) await Promise.all([leave(await ranks(eventId)), leave(await ranks(eventId))]);
      if (round > 6) {
        await tixline.app
          .get(Settlement, { strict: false })
          .settle(eventId, await lastPlaces(eventId), 3 + (round % 7));
      }
      await refresh();

      const waiting = await ranks(eventId);
      const answers = await Promise.all(
        waiting.map(({ id }, i) =>
          processes[i % 2]!.get(`/api/queue/position?request_id=${id}`, { as: holder.get(id)! }),
        ),
      );
      for (const [i, answer] of answers.entries()) {
        const { id, ahead, vip_ahead } = waiting[i]!;
        const standing = answer.json<Standing>();
        expect(standing).toMatchObject({ status: 'queued', position: ahead + 1, ahead, vip_ahead });
        const last = before.get(id);
        if (last !== undefined) {
          const growth = standing.position - last.position;
          if (growth > 0) grown += 1;
          // It grows by no more than the VIPs who joined, and those are shown.
          expect(growth).toBeLessThanOrEqual(Math.max(0, standing.vip_ahead - last.vip_ahead));
        }
        before.set(id, standing);
      }
      const line = (await processes[round % 2]!.get(`/api/events/${eventId}/line`)).json<{
        vip: { waiting: number; last_place: number };
        regular: { waiting: number; last_place: number };
      }>();
      const vips = waiting.filter(({ tier }) => tier === 1).length;
      expect([line.vip.waiting, line.regular.waiting]).toEqual([vips, waiting.length - vips]);
      expect([line.vip.last_place, line.regular.last_place]).toEqual(
        Object.values(await lastPlaces(eventId)),
      );
      if (round > 45 && waiting.length === 0) break;
    }
    // The walk above went through both: people were passed by VIPs, and the line moved on.
    expect(grown).toBeGreaterThan(20);
    expect(await faultsIn(tixline)).toEqual([]);
  });

  it('a settled, cancelled or foreign request has none', async () => {
    const eventId = await tixline.event({ regular: 1 });
    const [winner, loser, leaver, stranger] = (await tixline.peopleOf(4)) as [Person, Person, Person, Person];
    const ids: string[] = [];
    for (const person of [winner, loser, leaver]) {
      ids.push((await tixline.ask(person, eventId)).json<Standing>().request_id);
    }
    await tixline.delete(`/api/ticket-requests/${ids[2]}`, { as: leaver });
    await tixline.settleAll();
    const where = async (id: string, as: Person) =>
      tixline.get(`/api/queue/position?request_id=${id}`, { as });
    const gone = { position: null, ahead: 0, vip_ahead: 0, eta_seconds: null, poll_after_ms: 0 };
    expect((await where(ids[0]!, winner)).json()).toMatchObject({
      ...gone,
      status: 'granted',
      order_id: ids[0],
      reason: null,
    });
    expect((await where(ids[1]!, loser)).json()).toMatchObject({
      ...gone,
      status: 'refused',
      order_id: null,
      reason: 'sold_out',
    });
    expect((await where(ids[2]!, leaver)).json()).toMatchObject({
      ...gone,
      status: 'cancelled',
      order_id: null,
    });
    for (const id of ids) expect((await where(id, stranger)).statusCode).toBe(404);
  });

  it('an id put together from a stranger’s place and one’s own mark shows no more than the public line', async () => {
    const eventId = await tixline.event({ regular: 9 });
    const [owner, stranger] = (await tixline.peopleOf(2)) as [Person, Person];
    const owned = (await tixline.ask(owner, eventId)).json<Standing>().request_id;
    const other = (await tixline.ask(stranger, eventId)).json<Standing>().request_id;
    const forged = owned.slice(0, 19) + other.slice(19);
    const before = await hashOfTables(tixline);
    // The price of a position without a query: the place waits, and whose it is no number says.
    const answer = await tixline.get(`/api/queue/position?request_id=${forged}`, { as: stranger });
    expect(answer.json()).toMatchObject({
      request_id: forged,
      status: 'queued',
      place: 1,
      position: 1,
      ahead: 0,
    });
    expect((await tixline.delete(`/api/ticket-requests/${forged}`, { as: stranger })).statusCode).toBe(404);
    expect(await hashOfTables(tixline)).toBe(before);
    await tixline.settleAll();
    expect((await tixline.get(`/api/queue/position?request_id=${forged}`, { as: stranger })).statusCode).toBe(
      404,
    );
  });
});
