import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../platform/database/index';

/** So many may be left unfinished before tries are put apart: processes end for other reasons, too. */
const AT_ONCE = 2;
/** Longer than a process needs to start again, so that no more than one is away. Twice as long after the next one that is not survived. */
const FIRST_WAIT_SECONDS = 30;
const LONGEST_WAIT_SECONDS = 60;
/** How long a try waits for the one before it: that may stand still. */
const ALONE_MS = 1_000;

const TRIALS = {
  /**
   * Purpose  note that an event is being tried, unless too many have ended at it a short while ago
   * $1 event id   $2 from how many unfinished tries on it waits   $3 the first wait in seconds   $4 the longest
   * Returns  one row, or none where it is to wait: after the last try, twice as long for each that is not finished
   */
  begin: `
    INSERT INTO settlement_trials AS t (event_id) VALUES ($1)
        ON CONFLICT (event_id) DO UPDATE SET unfinished = t.unfinished + 1, tried_at = clock_timestamp()
     WHERE t.unfinished < $2
        OR t.tried_at + make_interval(secs => least($3::float8 * 2 ^ least(t.unfinished - $2, 30), $4)) < clock_timestamp()
    RETURNING unfinished`,

  /** Purpose  note that a process has come out of it alive   $1 event id */
  end: `DELETE FROM settlement_trials WHERE event_id = $1`,

  /** Purpose  events with unfinished tries, those with the fewest first, and of these the one that last went well */
  unfinished: `
    SELECT t.event_id FROM settlement_trials t JOIN lines l USING (event_id) ORDER BY t.unfinished, l.changed_at DESC`,
};

/**
 * Keeps an event that ends every process which settles it from doing so for ever: a process notes its first settlement of
 * each event before it begins, and strikes that out when it has survived it. After that it costs nothing.
 */
@Injectable()
export class Trials {
  private readonly log = new Logger('trials');
  private readonly survived = new Set<number>();
  private latest: Promise<unknown> = Promise.resolve();

  constructor(private readonly database: Database) {}

  /** Does `settle`; rejects without doing it when several processes ended at this event and the next try is not due yet. */
  async run<T>(eventId: number, settle: () => Promise<T>): Promise<T> {
    if (this.survived.has(eventId)) return settle();
    // One after the other, or the end of this process would be put down to all that were being tried.
    const trial = Promise.race([this.latest, delay(ALONE_MS, undefined, { ref: false })]).then(() =>
      this.tried(eventId, settle),
    );
    this.latest = trial.catch(() => undefined);
    return trial;
  }

  /** Events at which a process may have ended and that this one has not settled yet; the likeliest to end it come last. */
  async suspects(): Promise<number[]> {
    const { rows } = await this.database.query<{ event_id: number }>(
      TRIALS.unfinished,
      [],
      'trials-unfinished',
    );
    return rows.map((row) => row.event_id).filter((eventId) => !this.survived.has(eventId));
  }

  private async tried<T>(eventId: number, settle: () => Promise<T>): Promise<T> {
    const limits = [AT_ONCE, FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS];
    const { rowCount } = await this.database.query(TRIALS.begin, [eventId, ...limits]);
    if (rowCount === 0)
      throw new Error(
        `Not tried: processes ended while they settled event ${eventId}, the next try is later`,
      );
    try {
      return await settle();
    } finally {
      this.survived.add(eventId);
      // Left standing it costs others one try alone at this event.
      await this.database
        .query(TRIALS.end, [eventId])
        .catch((error: Error) => this.log.debug(`not struck out: ${error.message}`));
    }
  }
}
