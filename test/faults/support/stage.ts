import { Pool } from 'pg';
import { loadConfig } from '../../../src/config';
import { POOL_OPTIONS } from '../../../src/platform/database';
import { AccessTokens } from '../../../src/platform/http';
import { startOwnPostgres, type OwnPostgres } from '../../support/own-postgres';
import { hasRedisServer, startOwnRedis, type OwnRedis } from '../../support/own-redis';
import { ownFolder } from '../../support/tixline-process';
import { Member } from './member';

/** Where the line is kept. */
export type Home = 'PostgreSQL' | 'Redis';

/** Those of them that this machine can have. */
export function homes(wanted: readonly Home[]): Home[] {
  return wanted.filter((home) => home === 'PostgreSQL' || hasRedisServer());
}

export interface Buyer {
  readonly userId: number;
  readonly token: string;
}

export interface Layout {
  readonly home?: Home;
  readonly apis?: number;
  readonly workers?: number;
  /** Instead of an empty one; it goes with the stage. */
  readonly postgres?: OwnPostgres;
  /** Settings of all processes. */
  readonly settings?: Record<string, string>;
}

const SETTINGS = {
  NODE_ENV: 'test',
  DEMO: 'false',
  LOG_LEVEL: 'error',
  RATE_LIMITS: 'off',
  JWT_SECRET: 'a secret of the fault tests, which nobody else uses',
  ACCESS_TOKEN_EXPIRE_MINUTES: '1440',
};

/**
 * A Tixline of several processes with servers of its own: PostgreSQL that forces commits to disk, Redis with an
 * append-only file, everything in temporary folders and on free ports. `close` leaves nothing, whatever a test did.
 */
export class Stage {
  readonly members: Member[] = [];

  private constructor(
    readonly postgres: OwnPostgres,
    readonly redis: OwnRedis | undefined,
    readonly pool: Pool,
    /** What a process or a command needs to work on the same data. */
    readonly settings: Record<string, string>,
    private readonly folder: ReturnType<typeof ownFolder>,
    private readonly tokens: AccessTokens,
  ) {}

  static async open({
    home = 'PostgreSQL',
    apis = 2,
    workers = 2,
    postgres: given,
    settings = {},
  }: Layout = {}): Promise<Stage> {
    const folder = ownFolder();
    const postgres = given ?? (await startOwnPostgres());
    const redis =
      home === 'Redis'
        ? await startOwnRedis({ flags: ['--appendonly', 'yes', '--appendfsync', 'everysec'] })
        : undefined;
    const all: Record<string, string> = {
      ...SETTINGS,
      DATABASE_URL: postgres.url,
      DATA_DIR: `${folder.path}/data`,
      ...(redis && { REDIS_URL: redis.url }),
      ...settings,
    };
    const pool = new Pool({ connectionString: postgres.url, max: 6, options: POOL_OPTIONS });
    pool.on('error', () => undefined);
    // Marks are for those who read tokens; these are only signed here.
    const tokens = new AccessTokens(loadConfig(all), undefined as never);
    const stage = new Stage(postgres, redis, pool, all, folder, tokens);
    try {
      // One by one: the first brings the schema up to date, and two cores are few.
      for (let i = 0; i < apis; i += 1) await stage.add('api');
      for (let i = 0; i < workers; i += 1) await stage.add('worker');
    } catch (error) {
      await stage.close();
      throw error;
    }
    return stage;
  }

  async add(role: 'api' | 'worker', settings: Record<string, string> = {}): Promise<Member> {
    const member = await this.plan(role, settings);
    await member.start();
    return member;
  }

  /** One more process that has its address and is not started yet. */
  async plan(role: 'api' | 'worker', settings: Record<string, string> = {}): Promise<Member> {
    const member = await Member.plan(role, this.folder.path, { ...this.settings, ...settings });
    this.members.push(member);
    return member;
  }

  get apis(): Member[] {
    return this.members.filter(({ role }) => role === 'api');
  }

  get workers(): Member[] {
    return this.members.filter(({ role }) => role === 'worker');
  }

  /** A file for one test, gone with the stage. */
  file(name: string): string {
    return `${this.folder.path}/${name}`;
  }

  async sql<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(text, values)).rows;
  }

  /** Accounts put into the database, with tokens that the processes believe: nobody has to sign in. */
  async people(count: number, role: 'attendee' | 'organizer' | 'admin' = 'attendee'): Promise<Buyer[]> {
    const rows = await this.sql<{ id: number }>(
      `INSERT INTO users (name, email, email_key, password_hash, role)
       SELECT $2 || ' ' || n, $2 || n || '@faults.test', $2 || n || '@faults.test', 'x', $2
         FROM (SELECT n + (SELECT count(*) FROM users) AS n FROM generate_series(1, $1::int) n) s RETURNING id`,
      [count, role],
    );
    return rows.map(({ id }) => ({ userId: id, token: this.tokens.sign(id, role) }));
  }

  /** An event on sale with so many seats; answers its id. */
  async event(seats: { vip: number; regular: number }, organiser: Buyer, maxPerBuyer = 4): Promise<number> {
    const { process } = this.apis[0]!;
    const event = await process.call<{ id: number }>('POST', '/api/events', {
      token: organiser.token,
      body: {
        name: 'Faults',
        starts_at: new Date(Date.now() + 30 * 86_400_000).toISOString(),
        max_per_buyer: maxPerBuyer,
        ticket_types: [
          { name: 'VIP', tier: 'VIP', capacity: seats.vip },
          { name: 'Regular', tier: 'Regular', capacity: seats.regular },
        ],
      },
    });
    await process.call('POST', `/api/events/${event.id}/open`, { token: organiser.token });
    return event.id;
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map((member) => member.end()));
    await this.pool.end();
    await this.redis?.remove();
    await this.postgres.remove();
    this.folder.remove();
  }
}
