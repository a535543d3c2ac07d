import { Injectable } from '@nestjs/common';
import { Line, LineBoard } from '../line/index';
import { Database, isDatabaseAway, isRetryable, isUniqueViolation } from '../platform/database/index';
import { Problem } from '../platform/http/index';
import { REGULAR, VIP, type Tier } from '../shared/tier';
import { acceptValues, INTAKE, type Ask } from './intake.sql';
import { quoteFor, type Quote } from './quote';

/** Requests that may wait in memory, all events together; beyond that the answer is 503. About 2 MB. */
const MOST_WAITING = 10_000;
/**
 * Once somebody has waited so long for their group, nobody else joins: a queue that is long in time would take in people
 * whose clients have given up, and answer nobody while it does.
 */
const LONGEST_WAIT_MS = 1_000;
/**
 * As many may wait as are taken in within so long, going by what the last group of their event needed; always one group.
 * With the group that is on its way and their own, an answer then takes less than a second while a commit takes up to a
 * quarter of one.
 */
const LINE_MS = 500;
/** Requests in one statement: past a few hundred a larger group saves nothing and holds the counter longer. */
const LARGEST_GROUP = 500;
/** Pause between two flushes of one group, so that groups grow under load. Nobody waits for it when all is quiet. */
const GAP_MS = 5;
/** Flushes at once: events beyond that take turns, and the pool keeps connections for everything else. */
const FLUSHES_AT_ONCE = 6;
const TRIES = 3;

/** Durably accepted at `place`, or known already: its key was used before. */
export type Accepted = { readonly place: number; readonly quote: Quote } | 'repeated';

interface Waiting {
  readonly ask: Ask;
  readonly sinceMs: number;
  readonly resolve: (accepted: Accepted) => void;
  readonly reject: (error: Error) => void;
}

interface InsertedRow {
  /** Of VIP and of Regular: the place before the group's first, null when it has nobody of that tier. */
  bases: [number | null, number | null];
  repeated: number[];
}

interface Group {
  waiting: Waiting[];
  /** In the ready list, in flight or in the gap: a newcomer has nothing to start. */
  busy: boolean;
  /** How many may wait for it. */
  room: number;
}

/**
 * Group commit: all requests of one event that arrive while the last flush is on its way go into the next, one
 * statement for all. A request alone is flushed at once.
 */
@Injectable()
export class Intake {
  private readonly groups = new Map<number, Group>();
  private readonly ready: Group[] = [];
  private flushing = 0;
  private held = 0;

  constructor(
    private readonly database: Database,
    private readonly board: LineBoard,
    private readonly line: Line,
  ) {}

  /**
   * Resolves once the request is durable. Rejects with `Problem` unavailable when too many wait, or too long, or the database is away;
   * then, and only if the connection broke at the wrong moment, the request may have been taken all the same: the same
   * Idempotency-Key finds out. Rejects with the error itself when something is broken.
   */
  accept(ask: Ask): Promise<Accepted> {
    let group = this.groups.get(ask.eventId);
    if (group === undefined)
      this.groups.set(ask.eventId, (group = { waiting: [], busy: false, room: MOST_WAITING }));
    const { waiting } = group;
    const sinceMs = performance.now();
    const isTooLong = waiting.length > 0 && sinceMs - waiting[0]!.sinceMs > LONGEST_WAIT_MS;
    if (isTooLong || waiting.length >= group.room || this.held >= MOST_WAITING) {
      throw new Problem('unavailable', 'More people are asking than we can take in. Ask again in a moment.');
    }
    this.held += 1;
    const accepted = new Promise<Accepted>((resolve, reject) =>
      waiting.push({ ask, sinceMs, resolve, reject }),
    );
    if (!group.busy) {
      group.busy = true;
      // After this turn of the event loop: requests read from the sockets together travel together.
      setImmediate(() => this.enter(group));
    }
    return accepted;
  }

  private enter(group: Group): void {
    this.ready.push(group);
    this.next();
  }

  private next(): void {
    while (this.flushing < FLUSHES_AT_ONCE && this.ready.length > 0) void this.flush(this.ready.shift()!);
  }

  private async flush(group: Group): Promise<void> {
    this.flushing += 1;
    const startedAtMs = performance.now();
    const members = group.waiting.splice(0, LARGEST_GROUP);
    try {
      await this.commit(members);
    } catch (error) {
      const problem = refusal(error as Error);
      for (const member of members) member.reject(problem);
    }
    const groupsInTime = Math.floor(LINE_MS / (performance.now() - startedAtMs));
    group.room = LARGEST_GROUP * Math.max(1, groupsInTime);
    this.held -= members.length;
    this.flushing -= 1;
    if (group.waiting.length > 0) setTimeout(() => this.enter(group), GAP_MS);
    else group.busy = false;
    this.next();
  }

  private async commit(members: readonly Waiting[]): Promise<void> {
    const { eventId } = members[0]!.ask;
    const board = this.board.peek(eventId);
    if (board === undefined) throw new Problem('unavailable');
    const quotes = { [VIP]: quoteFor(board, VIP), [REGULAR]: quoteFor(board, REGULAR) };
    const { bases, repeated } = await this.insert(eventId, members, quotes);
    const known = new Set(repeated);
    const last = { [VIP]: bases[0] ?? 0, [REGULAR]: bases[1] ?? 0 };
    members.forEach(({ ask: { tier }, resolve }, index) => {
      if (known.has(index + 1)) resolve('repeated');
      else resolve({ place: (last[tier] += 1), quote: quotes[tier] });
    });
    for (const [tier, base] of [
      [VIP, bases[0]],
      [REGULAR, bases[1]],
    ] as const) {
      if (base === null) continue;
      this.board.joined(eventId, tier, last[tier]);
      // Not awaited: the requests are safe. A permit that does not arrive is made up for by the sweeper.
      this.line.offer({ eventId, tier, from: base + 1, to: last[tier], requests: last[tier] - base });
    }
  }

  private async insert(
    eventId: number,
    members: readonly Waiting[],
    quotes: Record<Tier, Quote>,
  ): Promise<InsertedRow> {
    const values = acceptValues(
      eventId,
      members.map(({ ask }) => ask),
      quotes,
    );
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { rows } = await this.database.query<InsertedRow>(INTAKE.accept, values, 'accept');
        return rows[0]!;
      } catch (error) {
        if (attempt >= TRIES || !isSameKeyAtOnce(error)) throw error;
      }
    }
  }
}

/** Another request with the same key was taken in at the same moment; the next try finds it. */
function isSameKeyAtOnce(error: unknown): boolean {
  return isUniqueViolation(error, 'idempotency_keys_pkey');
}

/** What another try may mend is a refusal; a defect stays what it is. */
function refusal(error: Error): Error {
  if (!isDatabaseAway(error) && !isRetryable(error) && !isSameKeyAtOnce(error)) return error;
  return new Problem(
    'unavailable',
    'The database cannot be reached, so your request was not confirmed. Ask again with the same Idempotency-Key: it counts once.',
    { retryAfterSeconds: 2 },
  );
}
