import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Uses of rate limits, shared by all processes. Not logged: after a crash of the server everybody begins anew. */
export class RateLimits1763760000003 implements MigrationInterface {
  name = 'RateLimits1763760000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE UNLOGGED TABLE rate_limits (
         subject bytea PRIMARY KEY,
         full_at timestamptz NOT NULL
       ) WITH (fillfactor = 50)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE rate_limits`);
  }
}
