import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index';
import { Database } from '../platform/database/index';
import { Metrics, showsFigures } from '../platform/metrics/index';
import { tierName } from '../shared/tier';
import { LEDGER_LAG, LINE_FIGURES, NEW_OUTCOMES, type LineFigure, type NewOutcome } from './line-figures.sql';

/** Two lines of text for each: enough for all that move, and no more than Prometheus likes. */
const EVENTS = 200;
/** Rows of the ledger read at once. */
const STRETCH = 100_000;

/**
 * How the lines stand, what came of the requests, and how far the ledger's files are behind: figures of the database, the
 * same in whichever process is asked. All are read at a scrape.
 */
@Injectable()
export class LineFigures {
  /** Where the last look ended, by transaction and id: of the ledger only what is new is read. */
  private counted: readonly [txid: string, id: string] = ['0', '0'];

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly database: Database,
    private readonly metrics: Metrics,
  ) {
    if (!showsFigures(config)) return;
    this.tellOfLines();
    this.tellOfOutcomes();
    this.tellOfLedger();
    this.tellOfPool();
  }

  private tellOfLines(): void {
    const labels = ['event', 'tier'];
    const accepted = this.metrics.counter(
      'tixline_requests_accepted_total',
      `Requests that got a place in line, of the ${EVENTS} events whose lines moved last.`,
      labels,
    );
    const waiting = this.metrics.gauge('tixline_requests_waiting', 'Requests in line.', labels);
    this.metrics.atScrape('line', { accepted, waiting }, async () => {
      const { rows } = await this.database.query<LineFigure>(LINE_FIGURES, [EVENTS]);
      for (const row of rows) {
        const of = { event: row.event_id, tier: tierName(row.tier) };
        accepted.inc(of, row.accepted);
        waiting.set(of, row.waiting);
      }
    });
  }

  private tellOfOutcomes(): void {
    const settled = this.metrics.counter(
      'tixline_requests_settled_total',
      'Requests of all events by outcome: granted, refused (with the reason), cancelled by the buyer, returned later.',
      ['tier', 'outcome', 'reason'],
    );
    // Counted up from scrape to scrape, so there is nothing to empty.
    this.metrics.atScrape('outcomes', {}, async () => {
      // In stretches: what a first scrape has to read may be more than one statement has time for.
      for (let looked = STRETCH; looked === STRETCH;) {
        const { rows } = await this.database.query<NewOutcome>(NEW_OUTCOMES, [...this.counted, STRETCH]);
        for (const { tier, status, reason, requests } of rows)
          settled.inc({ tier: tierName(tier), outcome: status, reason: reason ?? '' }, requests);
        const [first] = rows;
        if (first !== undefined) this.counted = [first.txid, first.id];
        looked = first?.looked_at ?? 0;
      }
    });
  }

  private tellOfLedger(): void {
    const due = this.metrics.gauge(
      'tixline_ledger_rows_not_yet_written',
      'Rows of the ledger that are not in a file yet, by the file; counted to 100000.',
      ['file'],
    );
    this.metrics.atScrape('ledger', { due }, async () => {
      const { rows } = await this.database.query<{ name: string; due: number }>(LEDGER_LAG);
      for (const row of rows) due.set({ file: row.name }, row.due);
    });
  }

  private tellOfPool(): void {
    const connections = this.metrics.gauge(
      'tixline_database_connections',
      'Connections of this process to PostgreSQL.',
      ['state'],
    );
    const waiting = this.metrics.gauge(
      'tixline_database_waiting',
      'Statements of this process that wait for a connection.',
    );
    this.metrics.atScrape('pool', { connections, waiting }, () => {
      const { totalCount, idleCount, waitingCount } = this.database.pool;
      connections.set({ state: 'busy' }, totalCount - idleCount);
      connections.set({ state: 'idle' }, idleCount);
      waiting.set(waitingCount);
    });
  }
}
