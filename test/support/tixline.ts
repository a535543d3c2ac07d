import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { LightMyRequestResponse } from 'fastify';
import { loadConfig, type Config } from '../../src/config';
import { createHttpApp } from '../../src/http-app';
import { LedgerFile } from '../../src/ledger';
import { LineBoard } from '../../src/line';
import { Database } from '../../src/platform/database';
import { AccessTokens, type Role } from '../../src/platform/http';
import { createLog } from '../../src/platform/logging';
import { Tick } from '../../src/settlement';
import { ownDatabase } from './test-database';

export interface Person {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly token: string;
}

interface Call {
  readonly as?: Person;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/**
 * A whole Tixline in this process on a database of its own: real HTTP stack, real Postgres, real BullMQ (on Redis with
 * TEST_REDIS_URL). It ticks only when told, unless `tickIntervalMs` is given.
 */
export class Tixline {
  private people = 0;

  private constructor(
    readonly app: NestFastifyApplication,
    readonly config: Config,
    private readonly remove: () => Promise<void>,
  ) {}

  static async start(
    options: {
      tickIntervalMs?: number;
      databaseUrl?: string;
      firstEventId?: number;
      env?: NodeJS.ProcessEnv;
    } = {},
  ): Promise<Tixline> {
    const { firstEventId } = options;
    const database =
      options.databaseUrl === undefined
        ? await ownDatabase(firstEventId === undefined ? {} : { firstEventId })
        : undefined;
    const dataDir = mkdtempSync(join(tmpdir(), 'tixline-data-'));
    const config = loadConfig({
      NODE_ENV: 'test',
      DATABASE_URL: options.databaseUrl ?? database!.url,
      DATA_DIR: dataDir,
      JWT_SECRET: 'a secret for tests, long enough for anybody',
      LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
      DEMO: 'false',
      RATE_LIMITS: 'off',
      TICK_INTERVAL_MS: String(options.tickIntervalMs ?? 60_000),
      ...(process.env.TEST_REDIS_URL && { REDIS_URL: process.env.TEST_REDIS_URL }),
      ...options.env,
    });
    const app = await createHttpApp(config, createLog(config));
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    return new Tixline(app, config, async () => {
      await database?.drop();
      rmSync(dataDir, { recursive: true, force: true });
    });
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.remove();
  }

  get database(): Database {
    return this.app.get(Database);
  }

  get ledger(): LedgerFile {
    return this.app.get(LedgerFile);
  }

  /** One tick, and the board brought up to date with it. Answers how many requests were settled. */
  async tick(): Promise<number> {
    const settled = await this.app.get(Tick, { strict: false }).run();
    const { rows } = await this.sql<{ id: number }>(`SELECT id FROM events`);
    await this.app.get(LineBoard).refresh(rows.map(({ id }) => id));
    return settled;
  }

  /** Ticks until nothing waits, a hundred times at most. On a busy line a permit comes 200 ms after its requests. */
  async settleAll(): Promise<void> {
    for (let i = 0; i < 100; i += 1) {
      const settled = await this.tick();
      const { rows } = await this.sql(`SELECT 1 FROM ticket_requests WHERE status = 'queued' LIMIT 1`);
      if (rows.length === 0) return;
      // A worker's own ticks are half a second apart.
      if (settled === 0) await new Promise((wake) => setTimeout(wake, 10));
    }
    throw new Error('still somebody in line after 100 ticks');
  }

  async sql<Row extends Record<string, unknown>>(
    text: string,
    values: unknown[] = [],
  ): Promise<{ rows: Row[] }> {
    return this.database.query<Row>(text, values);
  }

  /** Somebody with an account of this role and a valid token. Made without hashing a password. */
  async person(role: Role = 'attendee', name?: string): Promise<Person> {
    const [person] = await this.peopleOf(1, role, name);
    return person!;
  }

  async peopleOf(count: number, role: Role = 'attendee', name?: string): Promise<Person[]> {
    const tag = randomBytes(4).toString('hex');
    const first = this.people;
    this.people += count;
    const names = Array.from({ length: count }, (_, i) => name ?? `Person ${first + i + 1}`);
    const emails = names.map((_, i) => `${role}-${first + i + 1}-${tag}@example.org`);
    const { rows } = await this.sql<{ id: number; name: string; email: string }>(
      `INSERT INTO users (name, email, email_key, password_hash, role)
       SELECT n, e, e, 'none', $3 FROM unnest($1::text[], $2::text[]) AS p (n, e) RETURNING id, name, email`,
      [names, emails, role],
    );
    const tokens = this.app.get(AccessTokens);
    return rows.map((row) => ({ ...row, token: tokens.sign(row.id, role) }));
  }

  /** An event on sale with these many seats. Answers its id. */
  async event(
    seats: { vip?: number; regular?: number },
    fields: Record<string, unknown> = {},
  ): Promise<number> {
    const organizer = await this.person('organizer');
    const made = await this.post('/api/events', {
      as: organizer,
      body: {
        name: 'A night to remember',
        starts_at: '2027-05-01T18:00:00Z',
        ticket_types: [
          ...(seats.vip === undefined
            ? []
            : [{ name: 'VIP', tier: 'VIP', capacity: seats.vip, price_cents: 12_000 }]),
          ...(seats.regular === undefined
            ? []
            : [{ name: 'Regular', tier: 'Regular', capacity: seats.regular, price_cents: 4_500 }]),
        ],
        ...fields,
      },
    });
    if (made.statusCode !== 201) throw new Error(made.body);
    const { id } = made.json<{ id: number }>();
    await this.post(`/api/events/${id}/open`, { as: organizer });
    return id;
  }

  /** Asks for tickets. Answers the response. */
  ask(
    as: Person,
    eventId: number,
    ticketType: 'VIP' | 'Regular' = 'Regular',
    quantity = 1,
    key?: string,
  ): Promise<LightMyRequestResponse> {
    return this.post('/api/ticket-requests', {
      as,
      body: { event_id: eventId, ticket_type: ticketType, quantity },
      headers: key === undefined ? {} : { 'idempotency-key': key },
    });
  }

  get(url: string, call: Call = {}): Promise<LightMyRequestResponse> {
    return this.send('GET', url, call);
  }

  post(url: string, call: Call = {}): Promise<LightMyRequestResponse> {
    return this.send('POST', url, call);
  }

  patch(url: string, call: Call = {}): Promise<LightMyRequestResponse> {
    return this.send('PATCH', url, call);
  }

  delete(url: string, call: Call = {}): Promise<LightMyRequestResponse> {
    return this.send('DELETE', url, call);
  }

  private send(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, { as, body, headers }: Call) {
    return this.app.inject({
      method,
      url,
      headers: { ...(as && { authorization: `Bearer ${as.token}` }), ...headers },
      ...(body !== undefined && { payload: body as object }),
    });
  }
}
