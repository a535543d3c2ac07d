import type { EmbeddedPostgres } from '../../src/platform/database/embedded';

/** Lets go of the run's PostgreSQL; it stops by itself a second later. */
export default async function globalTeardown(): Promise<void> {
  await (globalThis as { testServer?: EmbeddedPostgres }).testServer?.release();
}
