import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { loadConfig } from '../../src/config';
import { ENTITIES } from '../../src/entities';
import { Database } from '../../src/platform/database';
import { acquireEmbeddedPostgres } from '../../src/platform/database/embedded';
import { createQueueHome } from '../../src/platform/queue';
import { TEMPLATE } from './test-database';

/** One real PostgreSQL for the run, with a migrated template that each test file copies. */
export default async function globalSetup(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tixline-test-'));
  // Root's PostgreSQL runs as another user, who must be able to get there.
  chmodSync(dataDir, 0o755);
  const server = await acquireEmbeddedPostgres({ dataDir, log: () => undefined });
  (globalThis as { testServer?: unknown }).testServer = server;
  // Its superuser has the same password as the owner of Tixline's own database.
  const adminUrl = server.url.replace('//tixline:', '//postgres:').replace(/\/tixline$/, '/postgres');
  process.env.TEST_POSTGRES = adminUrl;

  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  // A test's database need not outlive a crash of the machine; what kills processes starts servers of its own.
  await admin.query(`ALTER SYSTEM SET fsync = off`);
  await admin.query(`ALTER SYSTEM SET synchronous_commit = off`);
  await admin.query(`SELECT pg_reload_conf()`);
  await admin.query(`CREATE DATABASE ${TEMPLATE}`);
  await admin.end();

  const url = adminUrl.replace(/\/postgres$/, `/${TEMPLATE}`);
  const database = new Database(
    loadConfig({ DATABASE_URL: url, DATA_DIR: dataDir, LOG_LEVEL: 'silent' }),
    ENTITIES,
  );
  await database.start();
  await database.whenReady();
  const home = await createQueueHome({ pool: database.pool }, { log: () => undefined });
  await home.close();
  await database.close();
}
