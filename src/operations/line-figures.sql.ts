/**
 * Purpose  how the lines stand that moved last: read at a scrape, so that nobody in line pays for it
 * $1       events at most
 * Returns  one row per event and tier that anybody asked for
 */
export const LINE_FIGURES = `
  SELECT l.event_id, p.tier, p.last_place AS accepted,
         greatest(0, p.last_place - s.served - (SELECT count(*) FROM cancelled_places c
                   WHERE c.event_id = l.event_id AND c.tier = p.tier AND c.place > s.served))::int AS waiting
    FROM (SELECT event_id, vip_served, regular_served FROM lines ORDER BY changed_at DESC LIMIT $1) l
    JOIN line_places p ON p.event_id = l.event_id
   CROSS JOIN LATERAL (SELECT CASE p.tier WHEN 1 THEN l.vip_served ELSE l.regular_served END AS served) s
   ORDER BY 1, 2`;

export interface LineFigure {
  event_id: number;
  tier: 1 | 2;
  accepted: number;
  waiting: number;
}

/**
 * Purpose  what came of requests since the last scrape, from the ledger, which has every outcome once
 * $1       where the last scrape ended; '0' counts all there are
 * Returns  one row per event, tier, status and reason, and `upto`: where to go on. One row of nulls when there is none.
 *          Only below the oldest running transaction, so that none is passed over that commits late.
 */
export const NEW_OUTCOMES = `
  SELECT b.upto::text, e.event_id, e.tier, e.status, e.reason, count(e.id)::float8 AS requests
    FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS upto) b
    LEFT JOIN ledger e ON e.txid >= $1::xid8 AND e.txid < b.upto
   GROUP BY 1, 2, 3, 4, 5`;

export interface NewOutcome {
  upto: string;
  event_id: number | null;
  tier: 1 | 2;
  status: string;
  reason: string | null;
  requests: number;
}

/**
 * Purpose  how far the files of the ledger are behind; counted to 100,000
 * Returns  one row per file: the name it has in the database, and rows that are not in it yet
 */
export const LEDGER_LAG = `
  SELECT c.name, (SELECT count(*) FROM (SELECT FROM ledger l WHERE (l.txid, l.id) > (c.txid, c.id) LIMIT 100000) due)::int AS due
    FROM ledger_cursors c ORDER BY c.name`;
