import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../../src/platform/database/migrations';
import { ownDatabase } from '../../support/test-database';

/** Everything in our schema that a migration can change, as text. */
const SHAPE = `
  SELECT 'column', table_name, column_name, data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS is
    FROM information_schema.columns WHERE table_schema = 'public'
  UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL SELECT 'function', proname, '', prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
  ORDER BY 1, 2, 3, 4`;

describe('migrations', () => {
  let drop: () => Promise<void>;
  let client: Client;
  let source: DataSource;
  beforeAll(async () => {
    const database = await ownDatabase();
    drop = database.drop;
    client = new Client({ connectionString: database.url });
    await client.connect();
    source = new DataSource({ type: 'postgres', url: database.url, migrations: MIGRATIONS });
    await source.initialize();
  });
  afterAll(async () => {
    await source.destroy();
    await client.end();
    await drop();
  });

  const shape = async () => (await client.query({ text: SHAPE, rowMode: 'array' })).rows;
  const down = async (steps: number) => {
    for (let i = 0; i < steps; i += 1) await source.undoLastMigration({ transaction: 'each' });
  };
  const up = () => source.runMigrations({ transaction: 'each' });

  it('can each be undone and done again, and leave the same schema', async () => {
    const after: unknown[] = [];
    for (let done = MIGRATIONS.length; done > 1; done -= 1) {
      after.push(await shape());
      await down(1);
    }
    expect(await up()).toHaveLength(MIGRATIONS.length - 1);
    for (let done = MIGRATIONS.length; done > 1; done -= 1) {
      expect(await shape()).toEqual(after[MIGRATIONS.length - done]);
      await down(1);
    }
    await up();
  });

  it('carry a sale of the first release along, and back', async () => {
    await down(MIGRATIONS.length - 1);
    await client.query(`
      INSERT INTO users (name, email, email_key, password_hash) VALUES ('Ada', 'ada@example.org', 'ada@example.org', 'x');
      INSERT INTO events (name, starts_at, organizer_id, state, entry_code_key) SELECT 'Old', now(), id, 'open', 'x' FROM users;
      INSERT INTO holdings (event_id, email_key, held) SELECT e.id, 'ada@example.org', 3 FROM events e`);
    await up();
    const { rows } = await client.query(
      `SELECT h.held, u.email FROM holdings h JOIN users u ON u.id = h.user_id`,
    );
    expect(rows).toEqual([{ held: 3, email: 'ada@example.org' }]);
    await down(MIGRATIONS.length - 1);
    expect((await client.query(`SELECT held, email_key FROM holdings`)).rows).toEqual([
      { held: 3, email_key: 'ada@example.org' },
    ]);
  });
});
