import { Logger } from '@nestjs/common';
import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';
import { DataSource, type EntityTarget, type MixedList, type ObjectLiteral, type Repository } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type { Config } from '../../config/index';
import { Outage } from '../logging/index';
import { isDatabaseAway, isRetryable } from './database-errors';
import { startFailure } from './database-failure';
import { acquireEmbeddedPostgres, type EmbeddedPostgres } from './embedded/index';
import { migrate } from './migrate';

/**
 * What a pool that is shared with BullMQ needs as its `options`: BullMQ's SQL names its tables and functions without
 * their schema. `public` stands first so that the program's own tables are never mistaken for BullMQ's.
 */
export const POOL_OPTIONS = '-c search_path=public,bullmq';
/**
 * Every statement of ours finds its rows by an index, one by one. A plan that reads a whole table, or a whole line to sort
 * it, suits the nearly empty tables before a rush; kept for a prepared statement it would still be used with a million
 * rows in them. Who means to read whole tables (`tixline verify`) says so in its transaction.
 */
export const BY_INDEX = ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin', 'memoize']
  .map((way) => `-c enable_${way}=off`)
  .join(' ');
const TRANSACTION_TRIES = 4;
/** Under load some statements fail and others do not: the outage is over when none failed for so long. */
const QUIET_MS = 1_000;

type EntityList = MixedList<Function | string>;

/**
 * The way to Postgres: one pool for everything, TypeORM's own. Entities are for plain records; statements that move
 * stock or places are written out and sent through `query` and `transaction`.
 */
export class Database {
  private readonly log = new Logger('database');
  /** Told by whoever learns that it is away; ended by the first statement that works. */
  readonly outage = new Outage('The database', (level, line) => this.tell(level, line), {
    quietMs: QUIET_MS,
  });
  private embedded: EmbeddedPostgres | undefined;
  private source: DataSource | undefined;

  constructor(
    private readonly config: Config,
    private readonly entities: EntityList,
  ) {}

  /**
   * Connects and migrates. Without `DATABASE_URL` the embedded server is started first.
   * Rejects with `EmbeddedPostgresError` when that server cannot run here, with the driver's error when the database is
   * away (`isDatabaseAway`), and with `DatabaseFailure` when it is there and cannot be used.
   */
  async start(): Promise<void> {
    const url = this.config.databaseUrl ?? (await this.startEmbedded());
    try {
      await this.connect(url);
    } catch (error) {
      throw startFailure(error, this.config.databaseUrl);
    }
  }

  get ready(): boolean {
    return this.source !== undefined;
  }

  /** The one connection pool of this process. Throws, as an away database does, before `start` and after `close`. */
  get pool(): Pool {
    return (this.connected.driver as PostgresDriver).master as Pool;
  }

  get url(): string {
    const url = this.config.databaseUrl ?? this.embedded?.url;
    if (url === undefined) throw new Error('Database not ready');
    return url;
  }

  repository<T extends ObjectLiteral>(entity: EntityTarget<T>): Repository<T> {
    return this.connected.getRepository(entity);
  }

  /** One statement on any connection. With a `name` it is prepared once per connection. */
  async query<Row extends QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
    name?: string,
  ): Promise<QueryResult<Row>> {
    return this.heard(this.pool.query<Row>({ text, values: values as unknown[], ...(name && { name }) }));
  }

  /**
   * Runs `work` in one transaction and commits; rolls back when it throws. A deadlock or serialization failure is tried
   * again, so `work` must do nothing outside the database.
   */
  transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.heard(this.tryTransaction(work));
  }

  private async tryTransaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const client = await this.pool.connect();
      let broken: Error | undefined;
      try {
        await client.query('BEGIN');
        const result = await work(client);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
        if (!isRetryable(error) || attempt >= TRANSACTION_TRIES) throw error;
      } finally {
        client.release(broken);
      }
    }
  }

  async close(): Promise<void> {
    const source = this.source;
    this.source = undefined;
    await source?.destroy().catch((error: Error) => this.log.warn(`closing: ${error.message}`));
    await this.embedded?.release();
  }

  private async heard<T>(call: Promise<T>): Promise<T> {
    try {
      const answer = await call;
      this.outage.back();
      return answer;
    } catch (error) {
      if (isDatabaseAway(error)) this.outage.away(error);
      throw error;
    }
  }

  private tell(level: 'info' | 'warn' | 'error', line: string): void {
    if (level === 'info') this.log.log(line);
    else this.log.warn(line);
  }

  private get connected(): DataSource {
    if (this.source === undefined) throw new Error('Database not ready');
    return this.source;
  }

  private async startEmbedded(): Promise<string> {
    this.embedded ??= await acquireEmbeddedPostgres({
      dataDir: this.config.dataDir,
      log: (line) => this.log.log(line),
    });
    return this.embedded.url;
  }

  private async connect(url: string): Promise<void> {
    const source = new DataSource({
      type: 'postgres',
      url,
      entities: this.entities,
      poolSize: this.config.databasePool,
      poolErrorHandler: (error: Error) => this.log.warn(`connection lost: ${error.message}`),
      connectTimeoutMS: 2_000,
      applicationName: `tixline-${this.config.role}`,
      extra: {
        statement_timeout: 10_000,
        idle_in_transaction_session_timeout: 10_000,
        query_timeout: 12_000,
        options: `${POOL_OPTIONS} ${BY_INDEX}`,
        // The pool listens to idle connections only: one that is cut between two statements of a transaction would
        // end the process. Whoever has it learns of the loss from the next statement.
        onConnect: (client: PoolClient) =>
          void client.on('error', (error) => this.log.debug(`cut: ${error.message}`)),
      },
    });
    await migrate(url);
    await source.initialize();
    this.source = source;
  }
}
