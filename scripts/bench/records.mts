/** What the bench does in Tixline's database: buyers, a line that is already long, and how far a line has got. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'pg';

const BUYERS = 5_000;
export const VIP_SHARE = 0.2;

/** Where the embedded PostgreSQL of a data folder is: its owner's address, and its main process. */
export function embeddedPostgres(dataDir: string): { url: string; adminUrl: string; pid: number } {
  const [pid, , , port] = readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n');
  const password = readFileSync(join(dataDir, 'postgres.password'), 'utf8').trim();
  const url = (user: string, database: string) =>
    `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
  return { url: url('tixline', 'tixline'), adminUrl: url('postgres', 'tixline'), pid: Number(pid) };
}

export interface Progress {
  /** Places given out. */
  readonly accepted: number;
  readonly settled: number;
  /** When the line last moved, in ms of the database's clock. */
  readonly movedAtMs: number;
}

export class Records {
  readonly pool: Pool;

  constructor(url: string) {
    this.pool = new Pool({ connectionString: url, max: 2 });
    this.pool.on('error', () => undefined);
  }

  /** Puts in the buyers and one organiser; answers their user ids, the organiser's last. */
  async putInPeople(): Promise<number[]> {
    const { rows } = await this.pool.query<{ id: number }>(
      `INSERT INTO users (name, email, email_key, password_hash, role)
       SELECT 'Buyer ' || n, 'bench-' || n || '@x.test', 'bench-' || n || '@x.test', 'x',
              CASE WHEN n > $1 THEN 'organizer' ELSE 'attendee' END
         FROM generate_series(1, $1::int + 1) n ORDER BY n RETURNING id`,
      [BUYERS],
    );
    return rows.map(({ id }) => id);
  }

  async progress(eventId: number): Promise<Progress> {
    const { rows } = await this.pool.query<Progress>(
      `SELECT (SELECT sum(last_place) FROM line_places p WHERE p.event_id = l.event_id)::int AS accepted,
              l.settled::int AS settled, (extract(epoch FROM l.changed_at) * 1000)::float8 AS "movedAtMs"
         FROM lines l WHERE l.event_id = $1`,
      [eventId],
    );
    return rows[0]!;
  }

  /**
   * Puts `count` requests in line as the intake would have: places from the counters, ids that carry place and buyer's
   * mark. The marks are those of requests that the buyers have already made at any event.
   */
  async fill(eventId: number, count: number): Promise<void> {
    await this.pool.query(
      `CREATE TABLE IF NOT EXISTS bench_marks AS
       SELECT row_number() OVER () AS nth, user_id, mark
         FROM (SELECT DISTINCT ON (user_id) user_id, right(replace(id::text, '-', ''), 16) AS mark
                 FROM ticket_requests) m`,
    );
    const vips = Math.round(count * VIP_SHARE);
    for (const [tier, requests] of [
      [1, vips],
      [2, count - vips],
    ] as const) {
      await this.pool.query(
        `WITH counter AS (
           UPDATE line_places SET last_place = last_place + $3::int, last_seats = last_seats + $3::int
            WHERE event_id = $1 AND tier = $2 RETURNING last_place - $3::int AS base
         )
         INSERT INTO ticket_requests (id, event_id, user_id, place, ticket_type_id, tier, quantity)
         SELECT standing_id($1::int, $2::int, c.base + n, m.mark), $1, m.user_id, c.base + n, t.id, $2, 1
           FROM counter c
          CROSS JOIN generate_series(1, $3::int) n
           JOIN ticket_types t ON t.event_id = $1 AND t.tier = $2
           JOIN bench_marks m ON m.nth = 1 + n % (SELECT count(*) FROM bench_marks)
          ORDER BY n`,
        [eventId, tier, requests],
      );
    }
    await this.pool.query('ANALYZE ticket_requests');
  }

  /** Some requests of an event and their buyers, spread over its line. */
  async someRequests(eventId: number, count: number): Promise<{ id: string; user_id: number }[]> {
    const { rows } = await this.pool.query<{ id: string; user_id: number }>(
      `SELECT id, user_id FROM ticket_requests
        WHERE event_id = $1 AND place % greatest(1, (SELECT sum(last_place)::int / $2::int FROM line_places WHERE event_id = $1)) = 0
        LIMIT $2`,
      [eventId, count],
    );
    return rows;
  }

  /** Bytes on disk of the requests and their indexes. */
  async requestBytes(): Promise<number> {
    const { rows } = await this.pool.query<{ bytes: number }>(
      `SELECT pg_total_relation_size('ticket_requests')::float8 AS bytes`,
    );
    return rows[0]!.bytes;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
