import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Worker } from 'bullmq';
import { createObjectCsvWriter } from 'csv-writer';
import { Pool, type PoolClient } from 'pg';
import { openWorker } from './queue';
import type { TicketJob } from './tickets.dto';

const MAX_PER_BUYER = 100;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS ticket_types (
    event_id int NOT NULL, name text NOT NULL, remaining int NOT NULL CHECK (remaining >= 0), PRIMARY KEY (event_id, name)
  );
  CREATE TABLE IF NOT EXISTS orders (
    id uuid PRIMARY KEY, event_id int NOT NULL, user_id int NOT NULL, ticket_type text NOT NULL, quantity int NOT NULL,
    status text NOT NULL, created_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX IF NOT EXISTS orders_user ON orders (user_id);
  INSERT INTO ticket_types VALUES (1, 'VIP', 100000000), (1, 'Regular', 100000000) ON CONFLICT DO NOTHING`;

/** Takes the jobs, fifty at a time, each in one transaction that cannot oversell. */
@Injectable()
export class TicketsProcessor implements OnModuleInit, OnModuleDestroy {
  private readonly pool = new Pool({ connectionString: process.env.DATABASE_URL });
  private readonly csv = createObjectCsvWriter({
    path: process.env.CSV_FILE!,
    append: true,
    header: ['timestamp', 'user_id', 'ticket_type', 'request_id', 'status'].map((id) => ({ id, title: id })),
  });
  private worker: Worker<TicketJob> | undefined;

  async onModuleInit(): Promise<void> {
    await this.pool.query(SCHEMA);
    this.worker = openWorker(({ data }) => this.process(data));
  }

  async onModuleDestroy(): Promise<void> {
    await this.worker?.close();
    await this.pool.end();
  }

  private async process(job: TicketJob): Promise<void> {
    const status = await this.settle(job);
    await this.csv.writeRecords([{ ...job, timestamp: new Date().toISOString(), status }]);
  }

  private async settle(job: TicketJob): Promise<string> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const status = await this.decide(client, job);
      await client.query(
        `INSERT INTO orders (id, event_id, user_id, ticket_type, quantity, status) VALUES ($1, $2, $3, $4, $5, $6)`,
        [job.request_id, job.event_id, job.user_id, job.ticket_type, job.quantity, status],
      );
      await client.query('COMMIT');
      return status;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }

  private async decide(
    client: PoolClient,
    { event_id, ticket_type, quantity, user_id }: TicketJob,
  ): Promise<string> {
    const held = await client.query<{ seats: number }>(
      `SELECT coalesce(sum(quantity), 0)::int AS seats FROM orders
        WHERE user_id = $1 AND event_id = $2 AND status = 'granted'`,
      [user_id, event_id],
    );
    if (held.rows[0]!.seats + quantity > MAX_PER_BUYER) return 'limit_reached';
    const taken = await client.query(
      `UPDATE ticket_types SET remaining = remaining - $3 WHERE event_id = $1 AND name = $2 AND remaining >= $3`,
      [event_id, ticket_type, quantity],
    );
    return taken.rowCount === 1 ? 'granted' : 'sold_out';
  }
}
