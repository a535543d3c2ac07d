import { Client } from 'pg';
import { startFailure } from './database-failure';

/** Resolves when the database at `url` takes a connection. Rejects as `startFailure` says, within two seconds. */
export async function reachDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw startFailure(error, url);
  } finally {
    await client.end().catch(() => undefined);
  }
}
