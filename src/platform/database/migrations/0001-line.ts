import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * People, events, the line and what comes out of it.
 *
 * Tables that the rush writes (ticket_requests, tickets, ledger) have no foreign keys and no index beyond the primary
 * key that a change of state would touch: a foreign key costs two more look-ups a row, nothing they point at is ever
 * deleted, and `tixline verify` proves that they agree. Fill factors leave room for the one update each row gets (HOT).
 */
export class Line1763700000001 implements MigrationInterface {
  name = 'Line1763700000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}

const UP = [
  `CREATE TABLE users (
    id            int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          text NOT NULL,
    email         text NOT NULL,
    email_key     text NOT NULL UNIQUE,
    password_hash text NOT NULL,
    role          text NOT NULL DEFAULT 'attendee' CHECK (role IN ('attendee', 'staff', 'organizer', 'admin')),
    active        boolean NOT NULL DEFAULT true,
    created_at    timestamptz NOT NULL DEFAULT now()
  )`,

  // One row per refresh token ever given out and not yet expired; a family is one sign-in on one device.
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

  `CREATE TABLE events (
    id                int GENERATED ALWAYS AS IDENTITY (MAXVALUE 16777215) PRIMARY KEY,
    code              text NOT NULL GENERATED ALWAYS AS
                      ('EV' || CASE WHEN id < 10 THEN '0' ELSE '' END || id::text) STORED UNIQUE,
    name              text NOT NULL,
    description       text NOT NULL DEFAULT '',
    private_notes     text NOT NULL DEFAULT '',
    venue             text,
    organizer_id      int NOT NULL REFERENCES users (id),
    mode              text NOT NULL DEFAULT 'sale' CHECK (mode IN ('sale', 'allocation', 'guest_list', 'registration')),
    state             text NOT NULL DEFAULT 'draft'
                      CHECK (state IN ('draft', 'open', 'closed', 'completed', 'cancelled')),
    starts_at         timestamptz NOT NULL,
    ends_at           timestamptz,
    time_zone         text NOT NULL DEFAULT 'UTC',
    sale_opens_at     timestamptz,
    sale_closes_at    timestamptz,
    max_per_buyer     int NOT NULL DEFAULT 4 CHECK (max_per_buyer BETWEEN 1 AND 100),
    door              text NOT NULL DEFAULT 'one_step' CHECK (door IN ('one_step', 'two_step')),
    entry_code_length int NOT NULL DEFAULT 3 CHECK (entry_code_length BETWEEN 3 AND 8),
    entry_code_key    bytea NOT NULL,
    version           int NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL DEFAULT now(),
    CHECK (ends_at IS NULL OR ends_at >= starts_at),
    CHECK (sale_closes_at IS NULL OR sale_opens_at IS NULL OR sale_closes_at > sale_opens_at)
  )`,

  // The shelf. The two constraints are the second lock behind the conditional update that takes stock.
  `CREATE TABLE ticket_types (
    id          int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id    int NOT NULL REFERENCES events (id),
    name        text NOT NULL,
    tier        smallint NOT NULL CHECK (tier IN (1, 2)),
    capacity    int NOT NULL,
    remaining   int NOT NULL,
    price_cents int NOT NULL DEFAULT 0 CHECK (price_cents >= 0),
    currency    text NOT NULL DEFAULT 'EUR' CHECK (currency ~ '^[A-Z]{3}$'),
    UNIQUE (event_id, tier),
    CONSTRAINT ticket_type_remaining_not_negative CHECK (remaining >= 0),
    CONSTRAINT ticket_type_remaining_within_capacity CHECK (remaining <= capacity)
  ) WITH (fillfactor = 50)`,

  // The intake's side of a line: the next place to give out. Apart from lines, so that intake and settlement of one
  // event never wait for each other's row.
  `CREATE TABLE line_places (
    event_id   int NOT NULL REFERENCES events (id),
    tier       smallint NOT NULL,
    last_place int NOT NULL DEFAULT 0,
    last_seats bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (event_id, tier)
  ) WITH (fillfactor = 20)`,

  // The settlement's side: who holds this row is the one who settles the event or issues its tickets.
  `CREATE TABLE lines (
    event_id       int PRIMARY KEY REFERENCES events (id),
    vip_served     int NOT NULL DEFAULT 0,
    regular_served int NOT NULL DEFAULT 0,
    settled        bigint NOT NULL DEFAULT 0,
    tickets_issued int NOT NULL DEFAULT 0,
    pace           int CHECK (pace BETWEEN 1 AND 1000000),
    paced_until    timestamptz NOT NULL DEFAULT '-infinity',
    paused         boolean NOT NULL DEFAULT false,
    changed_at     timestamptz NOT NULL DEFAULT now()
  ) WITH (fillfactor = 20)`,

  `CREATE TABLE cancelled_places (
    event_id int NOT NULL,
    tier     smallint NOT NULL,
    place    int NOT NULL,
    PRIMARY KEY (event_id, tier, place)
  )`,

  `CREATE TYPE request_status AS ENUM ('queued', 'granted', 'refused', 'cancelled')`,
  `CREATE TYPE refusal_reason AS ENUM ('sold_out', 'limit_reached', 'sale_closed', 'event_cancelled')`,

  // What somebody asked, and what came of it. A granted request is the order; returned_at says that it was given back.
  `CREATE TABLE ticket_requests (
    id               uuid PRIMARY KEY,
    event_id         int NOT NULL,
    user_id          int NOT NULL,
    place            int NOT NULL,
    ticket_type_id   int NOT NULL,
    tier             smallint NOT NULL,
    quantity         smallint NOT NULL CHECK (quantity > 0),
    status           request_status NOT NULL DEFAULT 'queued',
    reason           refusal_reason,
    unit_price_cents int,
    first_number     int,
    created_at       timestamptz NOT NULL DEFAULT now(),
    settled_at       timestamptz,
    returned_at      timestamptz,
    CHECK ((status = 'granted') = (first_number IS NOT NULL)),
    CHECK ((status = 'refused') = (reason IS NOT NULL))
  ) WITH (fillfactor = 60)`,
  `CREATE INDEX ticket_requests_user ON ticket_requests (user_id)`,

  // The first answer to a key, as numbers, so that a repeat gets it again to the letter.
  `CREATE TABLE idempotency_keys (
    user_id     int NOT NULL,
    key         text NOT NULL,
    event_id    int NOT NULL,
    tier        smallint NOT NULL,
    quantity    smallint NOT NULL,
    place       int NOT NULL,
    line_offset int NOT NULL,
    vip_ahead   int,
    per_second  real,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, key)
  )`,

  // Keys are looked for by age once an hour, when the old ones go: a block range index costs an insert next to nothing.
  `CREATE INDEX idempotency_keys_age ON idempotency_keys USING brin (created_at)`,

  `CREATE TYPE ticket_status AS ENUM ('not_entered', 'entered', 'entry_denied', 'cancelled')`,

  // One seat each. The id carries event and number; the tickets of a request are the numbers from its first_number on.
  `CREATE TABLE tickets (
    id         uuid PRIMARY KEY,
    event_id   int NOT NULL,
    number     int NOT NULL,
    request_id uuid NOT NULL,
    status     ticket_status NOT NULL DEFAULT 'not_entered',
    entered_at timestamptz
  ) WITH (fillfactor = 80)`,

  // How many live tickets a buyer holds at an event, whichever way they were got.
  `CREATE TABLE holdings (
    event_id  int NOT NULL,
    email_key text NOT NULL,
    held      int NOT NULL CHECK (held >= 0),
    PRIMARY KEY (event_id, email_key)
  ) WITH (fillfactor = 80)`,

  // Append only. Read in the order (txid, id) and below the oldest running transaction, so that a reader misses nothing.
  `CREATE TABLE ledger (
    txid             xid8 NOT NULL DEFAULT pg_current_xact_id(),
    id               bigint GENERATED ALWAYS AS IDENTITY,
    at               timestamptz NOT NULL DEFAULT now(),
    event_id         int NOT NULL,
    request_id       uuid NOT NULL,
    tier             smallint NOT NULL,
    quantity         smallint NOT NULL,
    unit_price_cents int NOT NULL,
    currency         text NOT NULL,
    status           text NOT NULL CHECK (status IN ('granted', 'refused', 'cancelled', 'returned')),
    reason           text,
    user_name        text NOT NULL,
    user_email       text NOT NULL,
    PRIMARY KEY (txid, id)
  )`,

  // How far a projection of the ledger has got; for the CSV file also its length in bytes.
  `CREATE TABLE ledger_cursors (
    name  text PRIMARY KEY,
    txid  xid8 NOT NULL DEFAULT '0',
    id    bigint NOT NULL DEFAULT 0,
    bytes bigint NOT NULL DEFAULT 0
  )`,

  // SQL twin of src/shared/standing-id.ts: event (24 bits), kind (4), number (32), then 16 hex digits of variant and mark.
  `CREATE FUNCTION standing_id(event_id int, kind int, number int, mark text) RETURNS uuid
   LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
     SELECT (lpad(to_hex(event_id), 6, '0') || to_hex(kind) || left(lpad(to_hex(number), 8, '0'), 5)
             || '8' || right(lpad(to_hex(number), 8, '0'), 3) || mark)::uuid
   $$`,
];

const DOWN = [
  `DROP FUNCTION standing_id`,
  `DROP TABLE ledger_cursors, ledger, holdings, tickets, idempotency_keys, ticket_requests, cancelled_places,
     lines, line_places, ticket_types, events, refresh_tokens, users`,
  `DROP TYPE ticket_status`,
  `DROP TYPE refusal_reason`,
  `DROP TYPE request_status`,
];
