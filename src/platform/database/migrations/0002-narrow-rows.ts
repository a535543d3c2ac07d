import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Less to write for each request (figures in docs/performance.md).
 *
 * A ticket is found by event and number, which its id spells out, so the id is no column any more. Who holds how many is
 * kept by user: an e-mail address belongs to one user (users.email_key is unique), and a number is found faster than a
 * text. Fill factors leave room for the one update that each request gets: its outcome is a little longer than its
 * question. standing_id needs four steps instead of twelve.
 */
export class NarrowRows1763750000002 implements MigrationInterface {
  name = 'NarrowRows1763750000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  `ALTER TABLE tickets DROP CONSTRAINT tickets_pkey, DROP COLUMN id, ADD PRIMARY KEY (event_id, number)`,

  `CREATE TABLE held AS SELECT h.event_id, u.id AS user_id, h.held FROM holdings h JOIN users u USING (email_key)`,
  `DROP TABLE holdings`,
  `CREATE TABLE holdings (
    event_id int NOT NULL,
    user_id  int NOT NULL,
    held     int NOT NULL CHECK (held >= 0),
    PRIMARY KEY (event_id, user_id)
  ) WITH (fillfactor = 50)`,
  `INSERT INTO holdings SELECT event_id, user_id, held FROM held`,
  `DROP TABLE held`,

  `ALTER TABLE ticket_requests SET (fillfactor = 45)`,

  // Event (24 bits), kind (4), number (20), version, number (12): the number's last three digits stand behind the 8.
  `CREATE OR REPLACE FUNCTION standing_id(event_id int, kind int, number int, mark text) RETURNS uuid
   LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
     SELECT (lpad(to_hex((event_id::int8 << 40) | (kind::int8 << 36) | ((number >> 12)::int8 << 16)
                         | 32768 | (number & 4095)), 16, '0') || mark)::uuid
   $$`,
];

const DOWN = [
  `CREATE OR REPLACE FUNCTION standing_id(event_id int, kind int, number int, mark text) RETURNS uuid
   LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
     SELECT (lpad(to_hex(event_id), 6, '0') || to_hex(kind) || left(lpad(to_hex(number), 8, '0'), 5)
             || '8' || right(lpad(to_hex(number), 8, '0'), 3) || mark)::uuid
   $$`,
  `ALTER TABLE ticket_requests SET (fillfactor = 60)`,
  `CREATE TABLE held AS SELECT h.event_id, u.email_key, h.held FROM holdings h JOIN users u ON u.id = h.user_id`,
  `DROP TABLE holdings`,
  `CREATE TABLE holdings (
    event_id  int NOT NULL,
    email_key text NOT NULL,
    held      int NOT NULL CHECK (held >= 0),
    PRIMARY KEY (event_id, email_key)
  ) WITH (fillfactor = 80)`,
  `INSERT INTO holdings SELECT event_id, email_key, held FROM held`,
  `DROP TABLE held`,
  `ALTER TABLE tickets ADD COLUMN id uuid`,
  `UPDATE tickets SET id = standing_id(event_id, 10, number, '8000000000000000')`,
  `ALTER TABLE tickets DROP CONSTRAINT tickets_pkey, ALTER COLUMN id SET NOT NULL, ADD PRIMARY KEY (id)`,
];
