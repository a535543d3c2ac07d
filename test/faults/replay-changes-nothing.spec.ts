import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { ask } from './support/ask';
import { tell } from './support/figures';
import { Permits } from './support/permits';
import { atRest } from './support/proof';
import { conclude, expectSound, openSale } from './support/sale';
import { scale, thorough } from './support/scale';
import { Stage, type Buyer, type Home } from './support/stage';

const HOMES = scale<Home[]>(['PostgreSQL', 'Redis'], ['PostgreSQL']);
const REQUESTS = scale(2_000, 300);
/** What a permit could change, without what is about the buyer with the id $1. */
const STATE: Record<string, string> = {
  events: 'SELECT * FROM events',
  'ticket types': 'SELECT * FROM ticket_types',
  tickets: 'SELECT * FROM tickets',
  holdings: 'SELECT * FROM holdings',
  lines: 'SELECT event_id, tickets_issued, vip_served FROM lines',
  requests: 'SELECT * FROM ticket_requests WHERE user_id <> $1',
  keys: 'SELECT * FROM idempotency_keys WHERE user_id <> $1',
  ledger: `SELECT * FROM ledger
            WHERE request_id NOT IN (SELECT id FROM ticket_requests WHERE user_id = $1)`,
};

describe('what has been done once is not done again', () => {
  let stage: Stage | undefined;
  afterEach(() => stage?.close());

  thorough.each(HOMES)(
    'every permit offered again, and the file written again from the start, on %s',
    async (home) => {
      stage = await Stage.open({ home, apis: 1 });
      const { workers, settings } = stage;
      const [late] = await stage.people(1);
      const sale = await openSale(stage, REQUESTS);
      await sale.crowd.rush({ event: sale.event, rate: 100, requests: REQUESTS });
      await atRest(stage);
      const path = `${settings['DATA_DIR']}/transactions.csv`;
      const permits = await Permits.of(stage, sale.event);
      try {
        await eventually(async () => expect(await permits.unfinished()).toBe(0), 20_000, 100);
        const state = await stateOf(stage, late!);
        // All that the queue remembers, and one for every place that was given out.
        const again = await permits.completed();
        const places = await stage.sql<object>(
          `SELECT event_id, tier, place AS "from", place AS "to", 1 AS requests FROM ticket_requests ORDER BY random()`,
        );
        for (const permit of [...again, ...places]) await permits.put(permit);
        // A line at which nobody waits is not looked at, so somebody comes late, to an event that is sold out.
        await eventually(
          async () => {
            const { status } = await ask(stage!.apis[0]!, late!, sale.event, randomUUID());
            expect(status).toBe(202);
            sale.crowd.tally.answered += 1;
            await delay(1_000);
            expect(await permits.unfinished()).toBe(0);
          },
          60_000,
          100,
        );
        await atRest(stage);
        expect(await stateOf(stage, late!)).toEqual(state);
        expect(await permits.setAside()).toEqual([]);

        const file = await readFile(path);
        await Promise.all(workers.map((worker) => worker.kill()));
        await rm(path);
        await rm(`${settings['DATA_DIR']}/transactions.id`);
        await stage.sql('DELETE FROM ledger_cursors');
        await Promise.all(workers.map((worker) => worker.start()));
        await eventually(async () => expect((await readFile(path)).equals(file)).toBe(true), 20_000, 100);
        expect(await stateOf(stage, late!)).toEqual(state);
        tell(`replay, line on ${home}`, {
          'permits offered again': again.length + places.length,
          'tables that changed, of': [0, Object.keys(STATE).length],
          'bytes of transactions.csv, the same as before': file.length,
        });
      } finally {
        await permits.close();
      }
      expectSound(sale, await conclude(stage, sale, `after the replay, line on ${home}`, {}));
    },
  );
});

/** A digest of all that a permit could change. */
async function stateOf(stage: Stage, late: Buyer): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const [name, rows] of Object.entries(STATE)) {
    const [row] = await stage.sql<{ digest: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ' ' ORDER BY t::text)), '') AS digest
         FROM (${rows}) t WHERE $1::int IS NOT NULL`,
      [late.userId],
    );
    digests[name] = row!.digest;
  }
  return digests;
}
