import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A person's data stand in one place, `users`, and can be erased there (docs/decisions/0018). The ledger keeps who by
 * number; its file, which shows names, is written anew when a name or an e-mail changes, by us or by hand.
 */
export class Erasure1763780000005 implements MigrationInterface {
  name = 'Erasure1763780000005';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  `ALTER TABLE users ADD COLUMN erased_at timestamptz`,
  `CREATE INDEX users_erased ON users (erased_at) WHERE erased_at IS NOT NULL`,

  // Emptied before they go: a dropped column's texts would stay in the table's pages.
  `ALTER TABLE ledger ADD COLUMN user_id int`,
  `UPDATE ledger l SET user_id = r.user_id, user_name = '', user_email = ''
     FROM ticket_requests r WHERE r.id = l.request_id`,
  `UPDATE ledger SET user_id = 0 WHERE user_id IS NULL`,
  `ALTER TABLE ledger DROP COLUMN user_name, DROP COLUMN user_email, ALTER COLUMN user_id SET NOT NULL`,

  // Which names the ledger's files show: each file's cursor says which it was written with.
  `CREATE TABLE ledger_names (revision int NOT NULL)`,
  `INSERT INTO ledger_names VALUES (0)`,
  `ALTER TABLE ledger_cursors ADD COLUMN names int NOT NULL DEFAULT 0`,
  `CREATE FUNCTION ledger_names_change() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     -- Who never asked for anything is in no file.
     IF EXISTS (SELECT FROM ticket_requests WHERE user_id = new.id) THEN
       UPDATE ledger_names SET revision = revision + 1;
     END IF;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER users_ledger_names AFTER UPDATE OF name, email ON users FOR EACH ROW
   WHEN ((old.name, old.email) IS DISTINCT FROM (new.name, new.email)) EXECUTE FUNCTION ledger_names_change()`,
];

const DOWN = [
  `DROP TRIGGER users_ledger_names ON users`,
  `DROP FUNCTION ledger_names_change`,
  `ALTER TABLE ledger_cursors DROP COLUMN names`,
  `DROP TABLE ledger_names`,
  `ALTER TABLE ledger ADD COLUMN user_name text NOT NULL DEFAULT '', ADD COLUMN user_email text NOT NULL DEFAULT ''`,
  `UPDATE ledger l SET user_name = u.name, user_email = u.email FROM users u WHERE u.id = l.user_id`,
  `ALTER TABLE ledger ALTER COLUMN user_name DROP DEFAULT, ALTER COLUMN user_email DROP DEFAULT, DROP COLUMN user_id`,
  `DROP INDEX users_erased`,
  `ALTER TABLE users DROP COLUMN erased_at`,
];
