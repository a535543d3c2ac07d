import { Client } from 'pg';
import { faultsIn, outcomesOf } from '../support/books';
import { Tixline } from '../support/tixline';

/** A statement is cut off after ten seconds; no other event may wait for that. */
const LIMIT_MS = 5_000;

describe('an event whose rows somebody holds', () => {
  let tixline: Tixline;
  beforeAll(async () => {
    tixline = await Tixline.start();
  });
  afterAll(() => tixline.stop());

  it('is left to itself: ticks go on and settle the others, and it is settled as soon as it can be', async () => {
    const stuck = await tixline.event({ regular: 10 });
    const other = await tixline.event({ regular: 10 });
    const [person] = await tixline.peopleOf(1);
    await tixline.database.transaction(async (client) => {
      await client.query(`SELECT FROM lines WHERE event_id = $1 FOR UPDATE`, [stuck]);
      await tixline.ask(person!, stuck);
      const began = performance.now();
      for (let i = 1; i <= 3; i += 1) {
        await tixline.ask(person!, other);
        while ((await outcomesOf(tixline, other))['granted'] !== i) {
          await tixline.tick();
          if (performance.now() - began > LIMIT_MS) throw new Error('the others wait for it');
        }
      }
    });
    await tixline.settleAll();
    expect(await outcomesOf(tixline, stuck)).toEqual({ granted: 1 });
    expect(await faultsIn(tixline)).toEqual([]);
  });

  it('leaves connections to others, however many events are stuck', async () => {
    const small = await Tixline.start({ env: { DATABASE_POOL: '8' } });
    const holder = new Client({ connectionString: small.config.databaseUrl! });
    await holder.connect();
    try {
      const people = await small.peopleOf(7);
      const events: number[] = [];
      for (const person of people) {
        events.push(await small.event({ regular: 10 }));
        await small.ask(person, events.at(-1)!);
      }
      await holder.query('BEGIN');
      await holder.query(`SELECT FROM lines WHERE event_id = ANY ($1) FOR UPDATE`, [events]);
      for (let i = 0; i < 6; i += 1) await small.tick();
      const { totalCount, idleCount } = small.database.pool;
      expect(totalCount - idleCount).toBeLessThanOrEqual(4);
      expect((await small.ask(people[0]!, events[1]!)).statusCode).toBe(202);
      await holder.query('COMMIT');
      await small.settleAll();
      expect(await faultsIn(small)).toEqual([]);
    } finally {
      await holder.end();
      await small.stop();
    }
  });
});
