import { readFile } from 'node:fs/promises';
import { Client } from 'pg';
import { asEmbeddedPostgresError, EmbeddedPostgresError } from './errors.ts';
import { holdServer } from './holder.ts';
import { findPlace } from './place.ts';

export { EmbeddedPostgresError } from './errors.ts';

/** A running PostgreSQL on the loopback address, and this process's hold on it. */
export type EmbeddedPostgres = {
  /** Database `tixline` as its owner, who is no superuser. */
  url: string;
  /** Gives the hold back at once; the server stops a second after the last hold of any process is gone. */
  release: () => Promise<void>;
};

const name = 'tixline';

/**
 * Gives this process a share in the one PostgreSQL of `dataDir`: creates its data on the first call ever, starts it
 * when it is not running, and else uses the running one, whichever process started it. It stays up until every process
 * that acquired it has released it or ended, in whatever way; it never keeps a process alive by itself. It comes back
 * on the same port when it crashes. `log` is told, one sentence at a time, what happens to it meanwhile.
 * Throws `EmbeddedPostgresError` with cause and cure.
 */
export async function acquireEmbeddedPostgres(options: {
  dataDir: string;
  log: (message: string) => void;
}): Promise<EmbeddedPostgres> {
  const place = await findPlace(options.dataDir);
  const { port, release } = await holdServer(place, options.log);
  try {
    const password = (await readFile(place.passwordFile, 'utf8')).trim();
    const urlOf = (user: string, database: string) =>
      `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
    await createDatabase(urlOf('postgres', 'postgres'), password);
    return { url: urlOf(name, name), release };
  } catch (error) {
    await release();
    if ((error as { code?: string }).code === '28P01') {
      throw new EmbeddedPostgresError(
        `The embedded PostgreSQL does not accept the password in ${place.passwordFile}.`,
        `Put the file back that belongs to this data, or move ${place.cluster} away to begin with an empty database.`,
      );
    }
    throw asEmbeddedPostgresError('The embedded PostgreSQL runs and cannot be used', error, place);
  }
}

/** Creates the database and its owner unless they exist; safe when several processes call it at once. */
async function createDatabase(adminUrl: string, password: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    // Neither CREATE knows IF NOT EXISTS. The lock ends with the connection.
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
    const role = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
    if (!role.rowCount)
      await client.query(`CREATE ROLE ${name} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
    const database = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (!database.rowCount) await client.query(`CREATE DATABASE ${name} OWNER ${name}`);
  } finally {
    await client.end();
  }
}
