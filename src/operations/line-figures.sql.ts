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
 * Purpose  what came of the next requests since the last look, from the ledger, which has every outcome once
 * $1, $2   where the last look ended: transaction and id   $3 rows at most
 * Returns  one row per tier, status and reason, each with how many rows were read and where the next look begins; none
 *          when there is nothing new. Only below the oldest running transaction, so that none is passed over that commits late.
 */
export const NEW_OUTCOMES = `
  WITH next AS MATERIALIZED (
    SELECT txid, id, tier, status, reason FROM ledger
     WHERE (txid, id) > ($1::xid8, $2::int8) AND txid < pg_snapshot_xmin(pg_current_snapshot())
     ORDER BY txid, id LIMIT $3
  ), last AS (SELECT txid, id FROM next ORDER BY txid DESC, id DESC LIMIT 1)
  SELECT n.tier, n.status, n.reason, count(*)::float8 AS requests,
         sum(count(*)) OVER ()::int AS looked_at, l.txid::text, l.id::text
    FROM next n CROSS JOIN last l
   GROUP BY n.tier, n.status, n.reason, l.txid, l.id`;

export interface NewOutcome {
  tier: 1 | 2;
  status: string;
  reason: string | null;
  requests: number;
  looked_at: number;
  txid: string;
  id: string;
}

/**
 * Purpose  how far the files of the ledger are behind; counted to 100,000
 * Returns  one row per file: the name it has in the database, and rows that are not in it yet
 */
export const LEDGER_LAG = `
  SELECT c.name, (SELECT count(*) FROM (SELECT FROM ledger l WHERE (l.txid, l.id) > (c.txid, c.id) LIMIT 100000) due)::int AS due
    FROM ledger_cursors c ORDER BY c.name`;
