import { Redis } from 'ioredis';
import { faultsIn } from '../support/books';
import { endsWithin } from '../support/ends-within';
import { eventually } from '../support/eventually';
import { hasRedisServer } from '../support/own-redis';
import { startOwnRedisCluster, type OwnRedisCluster } from '../support/own-redis-cluster';
import { Tixline } from '../support/tixline';

/** Lines that a node holds and that are asked for: more than a tick serves side by side. */
const LINES = 6;
/** A tick waits a second for a line that it does not know yet to give no answer. */
const TICK_MS = 6_000;

if (!hasRedisServer()) process.stderr.write('The loss of a node is skipped: no program redis-server\n');
(hasRedisServer() ? describe : describe.skip)(
  'a node that a Redis Cluster loses stops only its own lines',
  () => {
    let cluster: OwnRedisCluster;
    let tixline: Tixline;
    beforeAll(async () => {
      cluster = await startOwnRedisCluster();
      tixline = await Tixline.start({ env: { REDIS_URL: cluster.url } });
    });
    afterAll(async () => {
      await tixline.stop();
      await cluster.remove();
    });

    /** Events whose line the first node holds, and some whose line it does not. */
    async function events(): Promise<{ lost: number[]; living: number[] }> {
      const lost: number[] = [];
      const living: number[] = [];
      while (lost.length < LINES || living.length < LINES) {
        const eventId = await tixline.event({ vip: 10, regular: 10 });
        ((await cluster.nodeOf(eventId)) === 0 ? lost : living).push(eventId);
      }
      return { lost, living };
    }

    async function askAt(eventIds: readonly number[]): Promise<void> {
      const [regular, vip] = await tixline.peopleOf(2);
      for (const eventId of eventIds) {
        expect((await tixline.ask(regular!, eventId, 'Regular')).statusCode).toBe(202);
        expect((await tixline.ask(vip!, eventId, 'VIP')).statusCode).toBe(202);
      }
    }

    const waiting = async (eventIds: readonly number[]) => {
      const { rows } = await tixline.sql<{ n: number }>(
        `SELECT count(*)::int AS n FROM ticket_requests WHERE status = 'queued' AND event_id = ANY ($1)`,
        [eventIds],
      );
      return rows[0]!.n;
    };

    const faults: [string, () => Promise<void>, () => Promise<void>][] = [
      ['is gone', () => cluster.nodes[0]!.stop(), () => cluster.nodes[0]!.start()],
      ['gives no answer', () => silence(cluster.nodes[0]!.url, 12_000), () => Promise.resolve()],
    ];
    it.each(faults)('one that %s', async (_, lose, bringBack) => {
      const { lost, living } = await events();
      await askAt([...lost, ...living]);
      await lose();
      await askAt([...lost, ...living]);

      await eventually(async () => {
        const ticking = tixline.tick();
        expect(await endsWithin(TICK_MS, ticking)).toBe(true);
        await ticking;
        expect(await waiting(living)).toBe(0);
      });
      expect(await waiting(lost)).toBe(4 * lost.length);
      // What the tick knows to be silent holds it up no more.
      expect(await endsWithin(1_000, tixline.tick())).toBe(true);

      await bringBack();
      await eventually(async () => {
        await tixline.tick();
        expect(await waiting(lost)).toBe(0);
      }, 20_000);
      expect(await faultsIn(tixline)).toEqual([]);
    });
  },
);

/** Makes a node hold back all its answers for so long. */
async function silence(url: string, limitMs: number): Promise<void> {
  const client = new Redis(url);
  await client.call('CLIENT', 'PAUSE', String(limitMs));
  client.disconnect();
}
