/**
 * Stock of one ticket type in one row or split into shards, each settler at home in one of them. Who finds the home shard
 * dry steals: goes round the others and takes from the first that has enough; seats left over in pieces that are each too
 * small are gathered by nobody, and the request is refused.
 */
import { Pool, type PoolClient } from 'pg';

const TABLES = `
  DROP SCHEMA IF EXISTS simulation CASCADE;
  CREATE SCHEMA simulation;
  CREATE TABLE simulation.shelf (
    shard int PRIMARY KEY, remaining int NOT NULL CHECK (remaining >= 0)
  ) WITH (fillfactor = 10);
  CREATE TABLE simulation.tickets (number bigint PRIMARY KEY, request uuid NOT NULL, shard int NOT NULL)`;

/** Seats off a shard, only while enough remain, and their tickets, in one statement and one transaction. */
const SETTLE = `
  WITH taken AS (
    UPDATE simulation.shelf SET remaining = remaining - $2 WHERE shard = $1 AND remaining >= $2 RETURNING shard
  )
  INSERT INTO simulation.tickets (number, request, shard)
  SELECT $3::bigint + n, gen_random_uuid(), taken.shard FROM taken, generate_series(1, $2::int) n`;

const ENDLESS = 2_000_000_000;
const SEATS = 2_000;
const REQUESTS = 3_000;
const VIP_EVERY = 20;
const MOST_SETTLERS = 64;

export interface Order {
  /** Requests refused although a later place was granted as much or more. */
  readonly unjust: number;
  /** For each VIP, Regulars that were under way when it was accepted and got their ticket after that: the mean. */
  readonly passedVip: number;
}

export class Shards {
  private readonly pool: Pool;
  private number = 0;

  constructor(url: string) {
    this.pool = new Pool({ connectionString: url, max: MOST_SETTLERS });
    this.pool.on('error', () => undefined);
  }

  /** Seats per second that so many settlers take, `seats` in each transaction; there is always enough. */
  async rate(shards: number, settlers: number, seats: number, seconds: number): Promise<number> {
    await this.fill(shards, () => Math.floor(ENDLESS / shards));
    const clients = await this.connect(settlers);
    let taken = 0;
    const startedAt = performance.now();
    await Promise.all(
      clients.map(async (client, i) => {
        while (performance.now() - startedAt < seconds * 1_000) {
          await this.settle(client, i % shards, seats);
          taken += seats;
        }
      }),
    );
    const perSecond = (taken / (performance.now() - startedAt)) * 1_000;
    for (const client of clients) client.release();
    return perSecond;
  }

  /** Settles more requests than there are seats, each settler the next place that nobody has; every twentieth is a VIP. */
  async order(shards: number, settlers: number): Promise<Order> {
    const each = Math.floor(SEATS / shards);
    await this.fill(shards, (shard) => (shard === 0 ? SEATS - each * (shards - 1) : each));
    const clients = await this.connect(settlers);
    const granted: boolean[] = [];
    const quantity = (place: number) => 1 + ((place * 7_919) % 13 < 4 ? 1 : 0);
    const underWay = new Set<number>();
    const watched: Set<number>[] = [];
    let passed = 0;
    let vips = 0;
    let next = 0;
    await Promise.all(
      clients.map(async (client, i) => {
        while (next < REQUESTS) {
          const place = next++;
          if (place % VIP_EVERY === 0) {
            // A VIP is accepted at this moment: whoever is under way passes if granted.
            vips += 1;
            watched.push(new Set(underWay));
          }
          underWay.add(place);
          granted[place] = await this.steal(client, i % shards, shards, quantity(place));
          underWay.delete(place);
          for (const ahead of watched) if (ahead.delete(place) && granted[place]) passed += 1;
        }
      }),
    );
    for (const client of clients) client.release();
    let unjust = 0;
    const best = [0, 0, 0];
    for (let place = REQUESTS - 1; place >= 0; place -= 1) {
      const wanted = quantity(place);
      if (granted[place]) best[wanted] = 1;
      else if (best.slice(wanted).some(Boolean)) unjust += 1;
    }
    return { unjust, passedVip: passed / vips };
  }

  async close(): Promise<void> {
    await this.pool.query('DROP SCHEMA simulation CASCADE');
    await this.pool.end();
  }

  private async steal(client: PoolClient, home: number, shards: number, seats: number): Promise<boolean> {
    for (let step = 0; step < shards; step += 1)
      if (await this.settle(client, (home + step) % shards, seats)) return true;
    return false;
  }

  private async settle(client: PoolClient, shard: number, seats: number): Promise<boolean> {
    const from = this.number;
    this.number += seats;
    const { rowCount } = await client.query({ name: 'settle', text: SETTLE, values: [shard, seats, from] });
    return rowCount === seats;
  }

  private async fill(shards: number, seats: (shard: number) => number): Promise<void> {
    await this.pool.query(TABLES);
    for (let shard = 0; shard < shards; shard += 1)
      await this.pool.query('INSERT INTO simulation.shelf VALUES ($1, $2)', [shard, seats(shard)]);
  }

  /** So many connections, warmed up. */
  private async connect(settlers: number): Promise<PoolClient[]> {
    const clients = await Promise.all(Array.from({ length: settlers }, () => this.pool.connect()));
    await Promise.all(clients.map((client) => client.query('DISCARD PLANS')));
    return clients;
  }
}
