import { loadConfig } from '../../../src/config';
import { Database } from '../../../src/platform/database';
import { eventually } from '../../support/eventually';
import { ownDatabase } from '../../support/test-database';

it('a connection lost between two statements fails the transaction, not the process', async () => {
  const own = await ownDatabase();
  const database = new Database(
    loadConfig({ DATABASE_URL: own.url, JWT_SECRET: 'a secret for tests, long enough for anybody' }),
    [],
  );
  await database.start();
  try {
    const lost = database.transaction(async (client) => {
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const ended = new Promise((resolve) => client.once('end', resolve));
      await database.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
      await ended;
      await client.query('SELECT 1');
    });
    await expect(lost).rejects.toThrow();
    await eventually(async () =>
      expect((await database.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]),
    );
  } finally {
    await database.close();
    await own.drop();
  }
});
