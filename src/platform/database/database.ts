import { Logger } from '@nestjs/common';
import type { Pool, PoolClient, QueryResult, QueryResultRow } from 'pg';
import { DataSource, type EntityTarget, type MixedList, type ObjectLiteral, type Repository } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import type { Config } from '../../config/index';
import { isRetryable } from './database-errors';
import { acquireEmbeddedPostgres, type EmbeddedPostgres } from './embedded/index';
import { migrate } from './migrate';

/**
 * What a pool that is shared with BullMQ needs as its `options`: BullMQ's SQL names its tables and functions without
 * their schema. `public` stands first so that the program's own tables are never mistaken for BullMQ's.
 */
export const POOL_OPTIONS = '-c search_path=public,bullmq';
/**
 * Every statement of ours finds its rows by an index. A plan that reads a whole table, or a whole line to sort it, suits
 * the nearly empty tables before a rush; kept for a prepared statement it would still be used with a million rows in them.
 */
const BY_INDEX = '-c enable_seqscan=off -c enable_bitmapscan=off';
const RECONNECT_MS = 1_000;
const TRANSACTION_TRIES = 4;

type EntityList = MixedList<Function | string>;

export interface DatabaseOptions {
  /** Fail at once when the database is away, instead of waiting for it: for commands that a person waits for. */
  readonly impatient?: boolean;
}

/**
 * The way to Postgres: one pool for everything, TypeORM's own. Entities are for plain records; statements that move
 * stock or places are written out and sent through `query` and `transaction`.
 */
export class Database {
  private readonly log = new Logger('database');
  private embedded: EmbeddedPostgres | undefined;
  private source: DataSource | undefined;
  private closing = false;
  private connecting: Promise<void> | undefined;

  constructor(
    private readonly config: Config,
    private readonly entities: EntityList,
    private readonly options: DatabaseOptions = {},
  ) {}

  /**
   * Connects and migrates. Without `DATABASE_URL` the embedded server is started first.
   * Rejects at once with `EmbeddedPostgresError` when that server cannot run here. A database given by URL that is
   * away is waited for in the background: until then `ready` is false and every query fails as "away"; not so with
   * `impatient`, which rejects with the driver's error.
   */
  async start(): Promise<void> {
    const url = this.config.databaseUrl ?? (await this.startEmbedded());
    this.connecting ??= this.connect(url);
    if (this.config.databaseUrl === undefined || this.options.impatient) await this.connecting;
    else await Promise.race([this.connecting, new Promise((resolve) => setTimeout(resolve, 2_000).unref())]);
  }

  /** Resolves when the first connection stands and the schema is up to date. */
  async whenReady(): Promise<void> {
    await this.connecting;
  }

  get ready(): boolean {
    return this.source !== undefined;
  }

  /** The one connection pool of this process. Throws, as an away database does, before the first connection. */
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
    return this.pool.query<Row>({ text, values: values as unknown[], ...(name && { name }) });
  }

  /**
   * Runs `work` in one transaction and commits; rolls back when it throws. A deadlock or serialization failure is tried
   * again, so `work` must do nothing outside the database.
   */
  async transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
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
    this.closing = true;
    const source = this.source;
    this.source = undefined;
    await source?.destroy().catch((error: Error) => this.log.warn(`closing: ${error.message}`));
    await this.embedded?.release();
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
    for (let warned = false; !this.closing; warned = true) {
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
      try {
        await migrate(url);
        await source.initialize();
        this.source = source;
        if (warned) this.log.log('the database is there');
        return;
      } catch (error) {
        if (source.isInitialized) await source.destroy().catch(() => undefined);
        if (this.config.databaseUrl === undefined || this.options.impatient) throw error;
        if (!warned) {
          this.log.warn(
            `the database of DATABASE_URL is away, trying every second: ${(error as Error).message}`,
          );
        }
        await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
      }
    }
  }
}
