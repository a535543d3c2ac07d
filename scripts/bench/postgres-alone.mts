/** What PostgreSQL itself does with the same rows, on the server that Tixline runs on. */
import { join } from 'node:path';
import { Client } from 'pg';
import type { Tixline } from './tixline.mts';

const REQUESTS_A_STATEMENT = 500;

/** Copies of the product's own tables, with all their columns, constraints and indexes. */
const TABLES = `
  CREATE SCHEMA IF NOT EXISTS bench;
  DROP TABLE IF EXISTS bench.tickets, bench.requests, bench.shelf;
  CREATE TABLE bench.tickets (LIKE tickets INCLUDING ALL);
  CREATE TABLE bench.requests (LIKE ticket_requests INCLUDING ALL);
  CREATE TABLE bench.shelf (id int PRIMARY KEY, remaining int NOT NULL CHECK (remaining >= 0)) WITH (fillfactor = 50);
  INSERT INTO bench.shelf VALUES (1, 2000000000)`;

const INSERT_REQUESTS = `
  INSERT INTO bench.requests (id, event_id, user_id, place, ticket_type_id, tier, quantity)
  SELECT standing_id(1, 2, i.place, '8123456789abcdef'), 1, i.user_id, i.place, 2, 2, 1
    FROM unnest($1::int[], $2::int[]) AS i (user_id, place)`;

const TAKE_ONE = `UPDATE bench.shelf SET remaining = remaining - 1 WHERE id = 1 AND remaining >= 1`;

export class PostgresAlone {
  private readonly file: string;
  private readonly url: string;
  private admin: Client | undefined;
  private place = 0;

  constructor(tixline: Tixline) {
    this.url = tixline.adminUrl;
    this.file = join(tixline.dataDir, 'postgres/bench.copy');
  }

  /** Writes `rows` ticket rows to a file of the server. */
  async prepareCopy(rows: number): Promise<void> {
    await (
      await this.client()
    ).query(
      `COPY (SELECT 1, n, standing_id(1, 2, n, right(replace(gen_random_uuid()::text, '-', ''), 16))
               FROM generate_series(1, ${rows}) n) TO '${this.file}'`,
    );
  }

  /** COPY of those rows into an empty table, read by the server itself: rows per second. */
  async copy(rows: number): Promise<number> {
    const client = await this.client();
    await client.query('TRUNCATE bench.tickets');
    const startedAt = performance.now();
    await client.query(`COPY bench.tickets (event_id, number, request_id) FROM '${this.file}'`);
    return (rows / (performance.now() - startedAt)) * 1_000;
  }

  /** INSERT … unnest of request rows, five hundred a statement, one client: rows per second. */
  async insertRequests(seconds: number): Promise<number> {
    const client = await this.client();
    let rows = 0;
    const startedAt = performance.now();
    while (performance.now() - startedAt < seconds * 1_000) {
      const places = Array.from({ length: REQUESTS_A_STATEMENT }, () => (this.place += 1));
      const users = places.map((place) => place % 5_000);
      await client.query({ name: 'insert-requests', text: INSERT_REQUESTS, values: [users, places] });
      rows += REQUESTS_A_STATEMENT;
    }
    return (rows / (performance.now() - startedAt)) * 1_000;
  }

  /** A conditional update for each request, all on one row, each its own transaction: updates per second. */
  async update(clients: number, seconds: number): Promise<number> {
    const all = await Promise.all(Array.from({ length: clients }, () => this.connect()));
    let updates = 0;
    const startedAt = performance.now();
    await Promise.all(
      all.map(async (client) => {
        while (performance.now() - startedAt < seconds * 1_000) {
          await client.query({ name: 'take-one', text: TAKE_ONE });
          updates += 1;
        }
      }),
    );
    const rate = (updates / (performance.now() - startedAt)) * 1_000;
    await Promise.all(all.map((client) => client.end()));
    return rate;
  }

  async close(): Promise<void> {
    await this.admin?.query('DROP SCHEMA bench CASCADE');
    await this.admin?.end();
  }

  private async client(): Promise<Client> {
    if (this.admin === undefined) {
      this.admin = await this.connect();
      await this.admin.query(TABLES);
    }
    return this.admin;
  }

  private async connect(): Promise<Client> {
    const client = new Client({ connectionString: this.url });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }
}
