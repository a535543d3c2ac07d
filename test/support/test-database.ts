import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export const TEMPLATE = 'tixline_template';

/** A database of one's own: a copy of the migrated template. Answers its address and how to remove it. */
export async function ownDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin((admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`));
  return {
    url: adminUrl().replace(/\/postgres$/, `/${name}`),
    drop: () => asAdmin((admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}

async function asAdmin(work: (admin: Client) => Promise<unknown>): Promise<void> {
  const admin = new Client({ connectionString: adminUrl() });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

function adminUrl(): string {
  const url = process.env.TEST_POSTGRES;
  if (url === undefined) throw new Error('TEST_POSTGRES is set by test/support/global-setup.ts');
  return url;
}
