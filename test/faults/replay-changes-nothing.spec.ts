import { readFile, rm } from 'node:fs/promises';
import { eventually } from '../support/eventually';
import { tell } from './support/figures';
import { Permits } from './support/permits';
import { atRest } from './support/proof';
import { conclude, expectSound, openSale } from './support/sale';
import { scale, thorough } from './support/scale';
import { Stage, type Home } from './support/stage';

const HOMES = scale<Home[]>(['PostgreSQL', 'Redis'], ['PostgreSQL']);
const REQUESTS = scale(2_000, 300);
const TABLES = [
  'events',
  'ticket_types',
  'lines',
  'line_places',
  'cancelled_places',
  'ticket_requests',
  'idempotency_keys',
  'tickets',
  'holdings',
  'ledger',
];

describe('what has been done once is not done again', () => {
  let stage: Stage | undefined;
  afterEach(() => stage?.close());

  thorough.each(HOMES)(
    'every permit offered again, and the file written again from the start, on %s',
    async (home) => {
      stage = await Stage.open({ home, apis: 1 });
      const { workers, settings } = stage;
      const sale = await openSale(stage, REQUESTS);
      await sale.crowd.rush({ event: sale.event, rate: 100, requests: REQUESTS });
      await atRest(stage);
      const path = `${settings['DATA_DIR']}/transactions.csv`;
      const permits = await Permits.of(stage, sale.event);
      try {
        await eventually(async () => expect(await permits.unfinished()).toBe(0), 20_000, 100);
        const [state, file] = [await stateOf(stage), await readFile(path)];
        // All that the queue remembers, and one for every place that was given out.
        const again = await permits.completed();
        const places = await stage.sql<object>(
          `SELECT event_id, tier, place AS "from", place AS "to", 1 AS requests FROM ticket_requests ORDER BY random()`,
        );
        for (const permit of [...again, ...places]) await permits.put(permit);
        await eventually(async () => expect(await permits.unfinished()).toBe(0), 60_000, 100);
        expect(await stateOf(stage)).toEqual(state);
        expect(await permits.setAside()).toEqual([]);

        await Promise.all(workers.map((worker) => worker.kill()));
        await rm(path);
        await rm(`${settings['DATA_DIR']}/transactions.id`);
        await stage.sql('DELETE FROM ledger_cursors');
        await Promise.all(workers.map((worker) => worker.start()));
        await eventually(async () => expect((await readFile(path)).equals(file)).toBe(true), 20_000, 100);
        expect(await stateOf(stage)).toEqual(state);
        tell(`replay, line on ${home}`, {
          'permits offered again': again.length + places.length,
          'tables that changed, of': [0, TABLES.length],
          'bytes of transactions.csv, the same as before': file.length,
        });
      } finally {
        await permits.close();
      }
      expectSound(sale, await conclude(stage, sale, `after the replay, line on ${home}`, {}));
    },
  );
});

/** A digest of every row of every table that a permit could change. */
async function stateOf(stage: Stage): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const table of TABLES) {
    const [row] = await stage.sql<{ digest: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, ' ' ORDER BY t::text)), '') AS digest FROM ${table} t`,
    );
    digests[table] = row!.digest;
  }
  return digests;
}
