import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../../src/platform/database/migrations';
import { ownDatabase } from '../../support/test-database';

/**
 * Migrations that take something away, all from before the first release: a program from before one of them does not work
 * beside it, so whoever has one stops it first. No other belongs here: what is to go goes one version after the program has
 * stopped using it.
 */
const ALL_STOPPED_FIRST: Record<string, string[]> = {
  NarrowRows1763750000002: ['column tickets.id is gone', 'column holdings.email_key is gone'],
  Erasure1763780000005: ['column ledger.user_email is gone', 'column ledger.user_name is gone'],
  Sessions1763795000007: ['column refresh_tokens.token_hash is gone', 'column refresh_tokens.family is gone'],
};

/** What the previous version of the program relies on; `is` must stay as it is where it was there before. */
const RELIED_ON = `
  SELECT 'column ' || c.relname || '.' || a.attname AS what,
         format_type(a.atttypid, a.atttypmod) || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
           || a.attidentity::text || a.attgenerated::text AS is
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (c.oid, a.attnum)
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT 'function ' || oid::regprocedure, pg_get_function_result(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT 'value ' || enumtypid::regtype || '.' || enumlabel, '' FROM pg_enum
  UNION ALL SELECT 'unique ' || indrelid::regclass || ' ' || pg_get_indexdef(indexrelid), '' FROM pg_index i
              JOIN pg_class c ON c.oid = i.indexrelid WHERE indisunique AND c.relnamespace = 'public'::regnamespace`;

/** What could make a statement of the previous version fail: none may be new at a table that was there before. */
const STRICTER = `
  SELECT c.relname AS at, 'not null ' || a.attname AS what FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull
     -- A column that fills itself asks nothing of those who do not know it.
     AND NOT a.atthasdef AND a.attidentity = ''
  UNION ALL SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
   WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'x')
  UNION ALL SELECT indrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i
              JOIN pg_class c ON c.oid = i.indexrelid WHERE indisunique AND c.relnamespace = 'public'::regnamespace`;

interface Shape {
  readonly tables: ReadonlySet<string>;
  readonly reliedOn: ReadonlyMap<string, string>;
  readonly stricter: readonly { at: string; what: string }[];
}

describe('the previous version goes on working while the next one migrates', () => {
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
    for (let done = MIGRATIONS.length; done > 1; done -= 1)
      await source.undoLastMigration({ transaction: 'each' });
  });
  afterAll(async () => {
    await source.destroy();
    await client.end();
    await drop();
  });

  async function shape(): Promise<Shape> {
    const reliedOn = await client.query<{ what: string; is: string }>(RELIED_ON);
    const tables = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
    );
    return {
      tables: new Set(tables.rows.map(({ name }) => name)),
      reliedOn: new Map(reliedOn.rows.map(({ what, is }) => [what, is])),
      stricter: (await client.query<{ at: string; what: string }>(STRICTER)).rows,
    };
  }

  /** What a change takes away from those who do not know of it, or newly asks of them. */
  async function harmOf(change: () => Promise<unknown>): Promise<string[]> {
    const before = await shape();
    await change();
    const after = await shape();
    const gone = [...before.reliedOn].flatMap(([what, is]) => {
      if (!after.reliedOn.has(what)) return [`${what} is gone`];
      return after.reliedOn.get(what) === is ? [] : [`${what} was ${is}, is ${after.reliedOn.get(what)}`];
    });
    const asked = new Set(before.stricter.map(({ at, what }) => `${at}: ${what}`));
    const stricter = after.stricter
      .filter(({ at, what }) => before.tables.has(at) && !asked.has(`${at}: ${what}`))
      .map(({ at, what }) => `${at} newly asks for ${what}`);
    return [...gone, ...stricter];
  }

  it.each(MIGRATIONS.slice(1).map((Migration) => [Migration.name, Migration] as const))(
    '%s only adds, unless it is known not to',
    async (_, Migration) => {
      const runner = source.createQueryRunner();
      try {
        const harm = await harmOf(() => new Migration().up(runner));
        const known = ALL_STOPPED_FIRST[Migration.name];
        if (known) expect(harm).toEqual(expect.arrayContaining(known));
        else expect(harm).toEqual([]);
      } finally {
        await runner.release();
      }
    },
  );

  it.each([
    ['drops a column', `ALTER TABLE events DROP COLUMN starts_at`],
    ['renames a column', `ALTER TABLE users RENAME name TO called`],
    ['drops a table', `DROP TABLE cancelled_places`],
    ['changes a type', `ALTER TABLE lines ALTER COLUMN pace TYPE bigint`],
    ['adds a column that must be given', `ALTER TABLE users ADD COLUMN age int NOT NULL`],
    ['makes a column be given', `ALTER TABLE lines ALTER COLUMN pace SET NOT NULL`],
    ['adds a check', `ALTER TABLE users ADD CONSTRAINT short CHECK (length(name) < 9)`],
    ['adds a unique index', `CREATE UNIQUE INDEX one_name ON users (name)`],
    ['adds a reference', `ALTER TABLE lines ADD FOREIGN KEY (event_id) REFERENCES users (id)`],
    ['drops what ON CONFLICT needs', `ALTER TABLE holdings DROP CONSTRAINT holdings_pkey`],
    ['drops a function', `DROP FUNCTION standing_id`],
  ])('one that %s would be found', async (_, statement) => {
    await client.query('BEGIN');
    try {
      expect(await harmOf(() => client.query(statement))).not.toEqual([]);
    } finally {
      await client.query('ROLLBACK');
    }
  });

  it('what only adds is found harmless', async () => {
    await client.query('BEGIN');
    const adds = `CREATE TABLE new_one (id int PRIMARY KEY); ALTER TABLE users ADD COLUMN motto text NOT NULL DEFAULT '';
                  CREATE INDEX by_name ON users (name)`;
    try {
      expect(await harmOf(() => client.query(adds))).toEqual([]);
    } finally {
      await client.query('ROLLBACK');
    }
  });
});
