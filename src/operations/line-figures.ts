import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index';
import { Database } from '../platform/database/index';
import { Metrics, showsFigures, type Figure } from '../platform/metrics/index';
import { LEDGER_LAG, LINE_FIGURES, NEW_OUTCOMES, type LineFigure, type NewOutcome } from './line-figures.sql';

/** Two lines of text for each: enough for all that move, and no more than Prometheus likes. */
const EVENTS = 200;
const TIERS = { 1: 'VIP', 2: 'Regular' } as const;

/**
 * How the lines stand, what came of the requests, and how far the ledger's files are behind: figures of the database, the
 * same in whichever process is asked. All are read at a scrape.
 */
@Injectable()
export class LineFigures {
  /** Outcomes counted so far, by event: the ledger is only read from where the last scrape ended. */
  private readonly outcomes = new Map<
    number,
    Map<string, { labels: Record<string, string>; value: number }>
  >();
  private counted = '0';

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly database: Database,
    metrics: Metrics,
  ) {
    if (!showsFigures(config)) return;
    metrics.add('line', () => this.line());
    metrics.add('ledger', () => this.ledger());
    metrics.add('pool', () => this.pool());
  }

  private async line(): Promise<Figure[]> {
    const lines = (await this.database.query<LineFigure>(LINE_FIGURES, [EVENTS])).rows;
    await this.countOutcomes();
    const of = (row: LineFigure) => ({ event: row.event_id, tier: TIERS[row.tier] });
    const shown = [...new Set(lines.map(({ event_id }) => event_id))];
    return [
      {
        name: 'tixline_requests_accepted_total',
        help: `Requests that got a place in line, of the ${EVENTS} events whose lines moved last.`,
        type: 'counter',
        samples: lines.map((row) => ({ labels: of(row), value: row.accepted })),
      },
      {
        name: 'tixline_requests_waiting',
        help: 'Requests in line.',
        type: 'gauge',
        samples: lines.map((row) => ({ labels: of(row), value: row.waiting })),
      },
      {
        name: 'tixline_requests_settled_total',
        help: 'Requests by outcome: granted, refused (with the reason), cancelled by the buyer, returned later.',
        type: 'counter',
        samples: shown.flatMap((eventId) => [...(this.outcomes.get(eventId)?.values() ?? [])]),
      },
    ];
  }

  private async countOutcomes(): Promise<void> {
    const { rows } = await this.database.query<NewOutcome>(NEW_OUTCOMES, [this.counted]);
    for (const { event_id, tier, status, reason, requests } of rows) {
      if (event_id === null) continue;
      const labels = { event: String(event_id), tier: TIERS[tier], outcome: status, reason: reason ?? '' };
      const ofEvent =
        this.outcomes.get(event_id) ?? new Map<string, { labels: typeof labels; value: number }>();
      const key = `${tier} ${status} ${reason}`;
      ofEvent.set(key, { labels, value: (ofEvent.get(key)?.value ?? 0) + requests });
      this.outcomes.set(event_id, ofEvent);
    }
    this.counted = rows[0]?.upto ?? this.counted;
  }

  private async ledger(): Promise<Figure[]> {
    const { rows } = await this.database.query<{ name: string; due: number }>(LEDGER_LAG);
    return [
      {
        name: 'tixline_ledger_rows_not_yet_written',
        help: 'Rows of the ledger that are not in a file yet, by the file; counted to 100000.',
        type: 'gauge',
        samples: rows.map(({ name, due }) => ({ labels: { file: name }, value: due })),
      },
    ];
  }

  private pool(): Figure[] {
    const { totalCount, idleCount, waitingCount } = this.database.pool;
    return [
      {
        name: 'tixline_database_connections',
        help: 'Connections of this process to PostgreSQL.',
        type: 'gauge',
        samples: [
          { labels: { state: 'busy' }, value: totalCount - idleCount },
          { labels: { state: 'idle' }, value: idleCount },
        ],
      },
      {
        name: 'tixline_database_waiting',
        help: 'Statements of this process that wait for a connection.',
        type: 'gauge',
        samples: [{ value: waitingCount }],
      },
    ];
  }
}
