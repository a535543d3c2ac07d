import { EventEmitter } from 'node:events';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Client } from 'pg';
import { Database } from '../platform/database/index';
import type { Tier } from '../shared/tier';
import { VIP } from '../shared/tier';
import { READ_BOARDS, type BoardRow } from './board.sql';
import { boardOf, type EventBoard } from './event-board';
import { RateMeter } from './rate-meter';

const POLL_MS = 500;
/** A notice is acted on after this long, so that notices of one moment cost one query. */
const GATHER_MS = 15;
const IN_USE_MS = 30_000;
const FORGET_MS = 600_000;
const LISTEN_AGAIN_MS = 1_000;

interface Entry {
  board: EventBoard;
  meter: RateMeter;
  usedAtMs: number;
}

/**
 * The board above the counters: "now serving", for every event anybody asks about, in this process's memory. One query
 * reads all events in use, after each notice from a settlement and every half second besides, so that asking for a
 * position costs no query however many wait.
 */
@Injectable()
export class LineBoard
  extends EventEmitter<{ changed: [EventBoard] }>
  implements OnApplicationBootstrap, BeforeApplicationShutdown
{
  private readonly log = new Logger('line-board');
  private readonly entries = new Map<number, Entry>();
  private readonly loading = new Map<number, Promise<EventBoard | undefined>>();
  private readonly noticed = new Set<number>();
  private readonly wanted = new Set<number>();
  private reading: Promise<void> = Promise.resolve();
  private nextReading: Promise<void> | undefined;
  private listener: Client | undefined;
  private poll: NodeJS.Timeout | undefined;
  private gather: NodeJS.Timeout | undefined;
  private stopped = false;
  /** What the database's clock is ahead of `performance.now()`, which nobody sets. */
  private databaseAheadMs = 0;

  constructor(private readonly database: Database) {
    super();
    this.setMaxListeners(0);
  }

  onApplicationBootstrap(): void {
    this.poll = setInterval(() => void this.refreshInUse(), POLL_MS);
    void this.listen();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.poll);
    clearTimeout(this.gather);
    await this.listener?.end().catch(() => undefined);
  }

  /**
   * The time by the database's clock, as the last read told it: sales open and close for all processes at once, wherever
   * the clocks of their machines stand. Never ahead of it; behind by as long as that read was on its way.
   */
  nowMs(): number {
    return performance.now() + this.databaseAheadMs;
  }

  /** The event's board if this process has it already; the way of the hot paths. */
  peek(eventId: number): EventBoard | undefined {
    const entry = this.entries.get(eventId);
    if (entry === undefined) return undefined;
    entry.usedAtMs = performance.now();
    return entry.board;
  }

  /** The event's board, read once when this process does not have it. `undefined` when there is no such event. */
  async get(eventId: number): Promise<EventBoard | undefined> {
    const known = this.peek(eventId);
    if (known !== undefined) return known;
    let load = this.loading.get(eventId);
    if (load === undefined) {
      load = this.refresh([eventId]).then(() => this.entries.get(eventId)?.board);
      this.loading.set(eventId, load);
      void load.catch(() => undefined).finally(() => this.loading.delete(eventId));
    }
    return load;
  }

  /**
   * Reads these events as they are now. Rejects when the database is away; what is known stays.
   * One read at a time, and the next for all who came meanwhile: reads that cross would show a line moving back.
   */
  refresh(eventIds: readonly number[]): Promise<void> {
    for (const eventId of eventIds) this.wanted.add(eventId);
    this.nextReading ??= this.reading.then(() => {
      const reading = this.read();
      this.reading = reading.catch(() => undefined);
      return reading;
    });
    return this.nextReading;
  }

  /** Tells the board what this process has just accepted, so that it need not wait for the next read. */
  joined(eventId: number, tier: Tier, lastPlace: number): void {
    const board = this.entries.get(eventId)?.board;
    if (board === undefined) return;
    const side = tier === VIP ? 'vip' : 'regular';
    if (lastPlace > board[side].lastPlace) board[side] = { ...board[side], lastPlace };
  }

  private async read(): Promise<void> {
    const eventIds = [...this.wanted];
    this.wanted.clear();
    this.nextReading = undefined;
    const { rows } = await this.database.query<BoardRow>(READ_BOARDS, [eventIds], 'read-boards');
    if (rows[0] !== undefined) this.databaseAheadMs = rows[0].now_ms - performance.now();
    for (const row of rows) this.put(row);
  }

  private put(row: BoardRow): void {
    const entry = this.entries.get(row.id);
    const meter = entry?.meter ?? new RateMeter();
    const board = boardOf(row, meter.note(row.changed_at_ms, row.settled, performance.now()));
    if (entry === undefined) this.entries.set(row.id, { board, meter, usedAtMs: performance.now() });
    else entry.board = joinedMeanwhile(board, entry.board);
    this.emit('changed', this.entries.get(row.id)!.board);
  }

  private async refreshInUse(): Promise<void> {
    const now = performance.now();
    const inUse: number[] = [];
    for (const [eventId, entry] of this.entries) {
      if (now - entry.usedAtMs > FORGET_MS) this.entries.delete(eventId);
      else if (now - entry.usedAtMs < IN_USE_MS) inUse.push(eventId);
    }
    await this.refreshQuietly(inUse);
  }

  private async refreshQuietly(eventIds: readonly number[]): Promise<void> {
    if (eventIds.length === 0 || !this.database.ready) return;
    await this.refresh(eventIds).catch((error: Error) => this.log.debug(`not refreshed: ${error.message}`));
  }

  private notice(eventId: number): void {
    if (!this.entries.has(eventId)) return;
    this.noticed.add(eventId);
    this.gather ??= setTimeout(() => {
      this.gather = undefined;
      const ids = [...this.noticed];
      this.noticed.clear();
      void this.refreshQuietly(ids);
    }, GATHER_MS);
  }

  /** Keeps one connection that listens; without it the poll alone keeps the board right, half a second late. */
  private async listen(): Promise<void> {
    while (!this.stopped) {
      const client = new Client({
        connectionString: this.database.url,
        keepAlive: true,
        application_name: 'tixline-board',
      });
      this.listener = client;
      const ended = new Promise<void>((resolve) => client.once('end', resolve));
      client.on('error', (error) => this.log.debug(`listener: ${error.message}`));
      client.on('notification', ({ payload }) => this.notice(Number(payload)));
      try {
        await client.connect();
        await client.query('LISTEN line');
        await this.refreshInUse();
        await ended;
      } catch (error) {
        this.log.debug(`cannot listen: ${(error as Error).message}`);
        await client.end().catch(() => undefined);
      }
      if (!this.stopped) await new Promise((resolve) => setTimeout(resolve, LISTEN_AGAIN_MS));
    }
  }
}

/** A board as it was read, with whom this process took in while it was being read. */
function joinedMeanwhile(read: EventBoard, known: EventBoard): EventBoard {
  for (const side of ['vip', 'regular'] as const) {
    const lastPlace = Math.max(read[side].lastPlace, known[side].lastPlace);
    read[side] = { ...read[side], lastPlace };
  }
  return read;
}
