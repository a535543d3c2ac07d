import { randomBytes, randomInt } from 'node:crypto';
import { Client } from 'pg';

export const TEMPLATE = 'tixline_template';

/**
 * A database of one's own: a copy of the migrated template. Answers its address and how to remove it.
 * Its events begin at a random id: lines are named after their event, and on Redis all tests share one server.
 */
export async function ownDatabase({ firstEventId = randomInt(1_000, 16_000_000) } = {}): Promise<{
  url: string;
  drop: () => Promise<void>;
}> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin((admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`));
  const url = adminUrl().replace(/\/postgres$/, `/${name}`);
  await on(url, (client) => client.query(`ALTER SEQUENCE events_id_seq RESTART WITH ${firstEventId}`));
  return {
    url,
    drop: () => asAdmin((admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}

const asAdmin = (work: (admin: Client) => Promise<unknown>) => on(adminUrl(), work);

async function on(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function adminUrl(): string {
  const url = process.env.TEST_POSTGRES;
  if (url === undefined) throw new Error('TEST_POSTGRES is set by test/support/global-setup.ts');
  return url;
}
