import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What must hold however an account is changed, by us or by hand: with another role, or closed, its sessions are over.
 * And a place for keys that must not turn over with the secret (docs/decisions/0013).
 */
export class SessionsEnd1763770000004 implements MigrationInterface {
  name = 'SessionsEnd1763770000004';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  `CREATE TABLE kept_keys (
    name text PRIMARY KEY,
    key  bytea NOT NULL
  )`,

  `CREATE FUNCTION end_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     UPDATE refresh_tokens SET revoked_at = now() WHERE user_id = NEW.id AND revoked_at IS NULL;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER users_end_sessions AFTER UPDATE OF role, active ON users FOR EACH ROW
   WHEN (OLD.role IS DISTINCT FROM NEW.role OR OLD.active IS DISTINCT FROM NEW.active)
   EXECUTE FUNCTION end_sessions()`,
];

const DOWN = [
  `DROP TRIGGER users_end_sessions ON users`,
  `DROP FUNCTION end_sessions`,
  `DROP TABLE kept_keys`,
];
