import type { MigrationInterface, QueryRunner } from 'typeorm';

/** First settlements of an event by a process, as long as they are under way. Not logged: a crash of the server forgets them. */
export class SettlementTrials1763790000006 implements MigrationInterface {
  name = 'SettlementTrials1763790000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE UNLOGGED TABLE settlement_trials (
         event_id   int PRIMARY KEY,
         unfinished int NOT NULL DEFAULT 1,
         tried_at   timestamptz NOT NULL DEFAULT clock_timestamp()
       )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE settlement_trials`);
  }
}
