import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * One row for a session, however often it is renewed: with one for each token ever given out, ending a long session ran
 * into the time limit of a statement. All who are signed in sign in again.
 */
export class Sessions1763795000007 implements MigrationInterface {
  name = 'Sessions1763795000007';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  `CREATE TABLE sessions (
    id         uuid PRIMARY KEY,
    user_id    int NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    renewed_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
  ) WITH (fillfactor = 50)`,
  `CREATE INDEX sessions_user ON sessions (user_id)`,
  `CREATE OR REPLACE FUNCTION end_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     UPDATE sessions SET revoked_at = now() WHERE user_id = NEW.id AND revoked_at IS NULL;
     RETURN NULL;
   END $$`,
  `DROP TABLE refresh_tokens`,
];

const DOWN = [
  `CREATE TABLE refresh_tokens (
    token_hash bytea PRIMARY KEY,
    family     uuid NOT NULL,
    user_id    int NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    revoked_at timestamptz
  )`,
  `CREATE INDEX refresh_tokens_family ON refresh_tokens (family)`,
  `CREATE INDEX refresh_tokens_user ON refresh_tokens (user_id)`,
  `CREATE OR REPLACE FUNCTION end_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     UPDATE refresh_tokens SET revoked_at = now() WHERE user_id = NEW.id AND revoked_at IS NULL;
     RETURN NULL;
   END $$`,
  `DROP TABLE sessions`,
];
