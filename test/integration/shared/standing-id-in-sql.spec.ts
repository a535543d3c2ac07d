import fc from 'fast-check';
import { Client } from 'pg';
import { markOf, standingId, TICKET_KIND } from '../../../src/shared/standing-id';
import { ownDatabase } from '../../support/test-database';

describe('standing_id in SQL', () => {
  let client: Client;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await ownDatabase();
    drop = database.drop;
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await drop();
  });

  it('is the same as its twin in TypeScript, and sorts the same', async () => {
    const standings = fc.sample(
      fc.tuple(
        fc.integer({ min: 1, max: 0xff_ffff }),
        fc.constantFrom(1 as const, 2 as const, TICKET_KIND),
        // The SQL twin takes int: places beyond 2,147,483,647 are refused by the counter's type long before.
        fc.integer({ min: 0, max: 0x7fff_ffff }),
        fc.uint8Array({ minLength: 8, maxLength: 8 }).map(markOf),
      ),
      2_000,
    );
    const columns = [0, 1, 2, 3].map((i) => standings.map((standing) => standing[i]));
    const { rows } = await client.query<{ id: string }>(
      `SELECT standing_id(e, k, n, m) AS id
         FROM unnest($1::int[], $2::int[], $3::int[], $4::text[]) WITH ORDINALITY AS s (e, k, n, m, nth) ORDER BY nth`,
      columns,
    );
    const here = standings.map((standing) => standingId(...standing));
    expect(rows.map(({ id }) => id)).toEqual(here);
    const sorted = await client.query<{ id: string }>(`SELECT id FROM unnest($1::uuid[]) AS id ORDER BY id`, [
      here,
    ]);
    expect(sorted.rows.map(({ id }) => id)).toEqual(here.toSorted());
  });
});
