/** What the checks count. */
export interface Counted {
  readonly ticket_types: number;
  readonly lines: number;
  readonly requests: number;
  readonly granted: number;
  readonly returned: number;
  readonly settled: number;
  readonly vips: number;
  readonly tickets: number;
  readonly holdings: number;
  readonly entries: number;
}

/**
 * One thing that must hold, as SQL that finds what breaks it. Each stands by itself: it may take for granted that types
 * and constraints of the schema hold, and nothing else.
 */
export interface Check {
  /** Stable word for programs. */
  readonly name: string;
  /** What it proves when nothing is found, in words that fit beside the figures. */
  readonly proves: string;
  /** What was looked at. */
  readonly counts: keyof Counted;
  /** Answers the rows that break it, none when it holds; columns are named for a reader. */
  readonly broken: string;
}

/** What one check has found. */
export interface Finding {
  readonly name: string;
  readonly proves: string;
  /** Rows looked at. */
  readonly counted: number;
  /** Rows that break it; 0 when it holds. */
  readonly broken: number;
  /** The first ten of them. */
  readonly rows: object[];
  /** Why nothing was looked at, in a sentence; null when something was. */
  readonly not_checked: string | null;
}

/** Purpose  how much there is to check: one row of `Counted` */
export const COUNTED = `
  SELECT (SELECT count(*) FROM ticket_types)::float8 AS ticket_types,
         (SELECT count(*) FROM lines)::float8        AS lines,
         (SELECT count(*) FROM tickets)::float8      AS tickets,
         (SELECT count(*) FROM holdings)::float8     AS holdings,
         (SELECT count(*) FROM ledger)::float8       AS entries,
         count(*)::float8                                              AS requests,
         count(*) FILTER (WHERE r.status = 'granted')::float8          AS granted,
         count(*) FILTER (WHERE r.returned_at IS NOT NULL)::float8     AS returned,
         count(*) FILTER (WHERE r.status <> 'queued')::float8          AS settled,
         count(*) FILTER (WHERE r.tier = 1)::float8                    AS vips
    FROM ticket_requests r`;
