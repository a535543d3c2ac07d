import { Redis } from 'ioredis';
import { EventLines } from '../../src/platform/queue';
import { Sweeper } from '../../src/line';
import { faultsIn, outcomesOf } from '../support/books';
import { eventually } from '../support/eventually';
import { startOwnRedis, type OwnRedis } from '../support/own-redis';
import { Tixline } from '../support/tixline';

describe('a lost queue is rebuilt', () => {
  let tixline: Tixline;
  // A Redis of one's own: FLUSHALL would take everybody else's line away too.
  let redis: OwnRedis | undefined;
  beforeAll(async () => {
    redis = process.env.TEST_REDIS_URL ? await startOwnRedis() : undefined;
    tixline = await Tixline.start({ env: redis && { REDIS_URL: redis.url } });
  });
  afterAll(async () => {
    await tixline.stop();
    await redis?.remove();
  });

  const waiting = async (eventId: number) =>
    (await tixline.app.get(EventLines).waitingJobs(eventId)).claimable;

  async function threeHundredWait(): Promise<{ eventId: number; accepted: string[] }> {
    const eventId = await tixline.event({ vip: 100, regular: 200 });
    const people = await tixline.peopleOf(300);
    const answers = await Promise.all(
      people.map((person, i) => tixline.ask(person, eventId, i % 3 === 0 ? 'VIP' : 'Regular')),
    );
    await eventually(async () => expect(await waiting(eventId)).toBeGreaterThanOrEqual(2));
    return { eventId, accepted: answers.map((answer) => answer.json<{ request_id: string }>().request_id) };
  }

  async function lose(eventId: number): Promise<void> {
    // What is still on its way must not arrive after the loss.
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (redis === undefined) return tixline.app.get(EventLines).queue(eventId).obliterate({ force: true });
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
  }

  async function expectServedInOrder(eventId: number, accepted: string[]): Promise<void> {
    const { rows } = await tixline.sql<{ id: string }>(
      `SELECT id FROM ticket_requests WHERE event_id = $1 AND status = 'granted' ORDER BY first_number`,
      [eventId],
    );
    expect(rows.map(({ id }) => id)).toEqual(accepted.toSorted());
    expect(await outcomesOf(tixline, eventId)).toEqual({ granted: 300 });
    expect(await faultsIn(tixline)).toEqual([]);
  }

  it('the sweeper puts 300 who wait back in line, in their order, and nothing twice', async () => {
    const { eventId, accepted } = await threeHundredWait();
    await lose(eventId);
    expect(await waiting(eventId)).toBe(0);
    expect(await tixline.tick()).toBe(0);
    await eventually(async () => expect(await waiting(eventId)).toBe(2), 10_000);
    await tixline.settleAll();
    await expectServedInOrder(eventId, accepted);
  });

  it('a Regular whose permit was lost is found while VIPs trickle in', async () => {
    const eventId = await tixline.event({ vip: 100, regular: 5 });
    const [regular, ...vips] = await tixline.peopleOf(20);
    await tixline.ask(regular!, eventId);
    await eventually(async () => expect(await waiting(eventId)).toBe(1));
    await lose(eventId);
    const sweeper = tixline.app.get(Sweeper);
    const settled = async () => (await outcomesOf(tixline, eventId))['granted'] ?? 0;
    // A VIP between any two looks of the sweeper; each is settled by a permit of VIPs alone.
    for (const vip of vips) {
      await sweeper.sweep();
      await tixline.ask(vip, eventId, 'VIP');
      await eventually(async () => expect(await waiting(eventId)).toBeGreaterThan(0));
      await tixline.tick();
    }
    expect(await settled()).toBe(20);
  });

  it('lost again half way, it goes on where it stood', async () => {
    const { eventId, accepted } = await threeHundredWait();
    await tixline.sql(
      `UPDATE lines SET pace = 120, paced_until = now() - interval '1 second' WHERE event_id = $1`,
      [eventId],
    );
    expect(await tixline.tick()).toBeLessThan(300);
    await lose(eventId);
    await tixline.sql(`UPDATE lines SET pace = NULL WHERE event_id = $1`, [eventId]);
    const sweeper = tixline.app.get(Sweeper);
    await sweeper.sweep();
    await sweeper.sweep();
    await tixline.settleAll();
    await expectServedInOrder(eventId, accepted);
  });

  it('permits delivered twice, late and for places long served change nothing', async () => {
    const { eventId, accepted } = await threeHundredWait();
    await tixline.settleAll();
    await expectServedInOrder(eventId, accepted);
    const lines = tixline.app.get(EventLines);
    for (const tier of [2, 1, 2, 1] as const) {
      const to = tier === 1 ? 100 : 200;
      await lines.offer({ eventId, tier, from: 1, to, requests: to });
    }
    // A tick looks only at lines in which somebody waits.
    await tixline.ask(await tixline.person(), eventId);
    await tixline.settleAll();
    expect(await outcomesOf(tixline, eventId)).toEqual({ granted: 300, sold_out: 1 });
    expect(await faultsIn(tixline)).toEqual([]);
  });
});
