import { Client } from 'pg';
import { Tixline } from '../../support/tixline';

describe('two transactions that wait for each other', () => {
  let tixline: Tixline;
  beforeAll(async () => {
    tixline = await Tixline.start();
    await tixline.sql(`CREATE TABLE counters (id int PRIMARY KEY, count int NOT NULL)`);
    await tixline.sql(`INSERT INTO counters VALUES (1, 0), (2, 0)`);
  });
  afterAll(() => tixline.stop());

  /** Both take one row each, and then the other's: PostgreSQL ends one of them with 40P01. */
  async function both(
    run: (work: (client: Pick<Client, 'query'>) => Promise<unknown>) => Promise<unknown>,
  ): Promise<PromiseSettledResult<unknown>[]> {
    let met = 0;
    let go = () => {};
    const bothThere = new Promise<void>((resolve) => (go = resolve));
    const count = (first: number, second: number) =>
      run(async (client) => {
        await client.query(`UPDATE counters SET count = count + 1 WHERE id = $1`, [first]);
        if ((met += 1) === 2) go();
        await bothThere;
        await client.query(`UPDATE counters SET count = count + 1 WHERE id = $1`, [second]);
      });
    return Promise.allSettled([count(1, 2), count(2, 1)]);
  }

  it('both succeed: the one that PostgreSQL ends is tried again, whole', async () => {
    const ended = await both((work) => tixline.database.transaction(work));
    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    const { rows } = await tixline.sql(`SELECT count FROM counters ORDER BY id`);
    expect(rows).toEqual([{ count: 2 }, { count: 2 }]);
  });

  it('would not without another try', async () => {
    const ended = await both(async (work) => {
      const client = new Client({ connectionString: tixline.config.databaseUrl! });
      await client.connect();
      try {
        await client.query('BEGIN');
        await work(client);
        await client.query('COMMIT');
      } finally {
        await client.end();
      }
    });
    expect(ended.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});
