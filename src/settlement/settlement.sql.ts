/** The statements of one settlement, in their order. An object, so that a race test can take a guard out. */
export const SETTLEMENT = {
  /**
   * Purpose  become the one who settles this event
   * $1       event id
   * Guarded  the row stays locked until commit, so two workers settle one event one after the other, in its order; or until
   *          this process stands still for a second between two statements: others must not wait for one that is frozen
   */
  lock: `
    SELECT set_config('idle_in_transaction_session_timeout', '1000', true)
      FROM (SELECT FROM lines WHERE event_id = $1 FOR UPDATE) line`,

  /**
   * Purpose  learn where the line stands now that nobody else can move it
   * $1       event id
   * Returns  one row; "allowance" is how many requests the pace lets through now (null: any number), "paced_from" since
   *          when that has been adding up, "vip_last" and "regular_last" the last places given out
   *
   * A statement of its own: one that had to wait for the lock would see VIPs, state and limit as they were before.
   * What the pace lets through adds up for a second at most, so that a late tick is made up for, and only while
   * somebody waits, so that a crowd at an empty line does not get that second at once.
   */
  read: `
    SELECT l.vip_served, l.regular_served, l.tickets_issued, l.paused, l.pace,
           floor(extract(epoch FROM now() - p.since) * l.pace)::int AS allowance, p.since::text AS paced_from,
           e.state, e.max_per_buyer,
           (SELECT p.last_place FROM line_places p WHERE p.event_id = l.event_id AND p.tier = 1) AS vip_last,
           (SELECT p.last_place FROM line_places p WHERE p.event_id = l.event_id AND p.tier = 2) AS regular_last
      FROM lines l JOIN events e ON e.id = l.event_id
      LEFT JOIN LATERAL (
        SELECT greatest(l.paced_until, now() - interval '1 second',
                        min(first.created_at) - make_interval(secs => 1.0 / l.pace)) AS since
          FROM (VALUES (1, l.vip_served), (2, l.regular_served)) AS t (tier, served)
         CROSS JOIN LATERAL (
               SELECT r.created_at FROM ticket_requests r
                WHERE r.id > standing_id($1, t.tier, t.served, 'ffffffffffffffff')
                  AND r.id < standing_id($1, t.tier, 2147483647, 'ffffffffffffffff') AND r.status = 'queued'
                ORDER BY r.id LIMIT 1) AS first
         WHERE l.pace IS NOT NULL
      ) p ON l.pace IS NOT NULL
     WHERE l.event_id = $1`,

  /**
   * Purpose  the next requests of one tier, in place order, locked, with what their buyers hold already
   * $1 event id   $2 tier   $3 last place served   $4 last place to settle   $5 how many at most
   * Returns  a row each; "row" is where it lies in the table, which holds until this transaction changes it
   * Guarded  a request that leaves the line at the same moment is locked by one of the two and seen as gone by the other
   *
   * Places are found through the primary key: ids of one event and tier ascend with the place. Holdings are looked up one
   * by one, whatever the planner thinks: of a new event it expects none, and would compare each request with all.
   */
  take: `
    SELECT r.ctid AS row, r.place, r.quantity, r.ticket_type_id, r.user_id, coalesce(h.held, 0) AS held
      FROM ticket_requests r
      LEFT JOIN LATERAL (
            SELECT held FROM holdings WHERE event_id = $1 AND user_id = r.user_id LIMIT 1) AS h ON true
     WHERE r.id > standing_id($1, $2, $3, 'ffffffffffffffff')
       AND r.id < standing_id($1, $2, $4, 'ffffffffffffffff')
       AND r.status = 'queued'
     ORDER BY r.id
     LIMIT $5
       FOR UPDATE OF r`,

  /**
   * Purpose  write down what was decided: outcomes, tickets, holdings, ledger, and how far the line has got
   * $1 event id
   * $2 where the requests lie, as "take" said   $3 their ticket types   $4 number of each one's first ticket (null:
   *    refused)   $5 reasons (null: granted)
   * $6 VIP places served   $7 Regular places served   $8 tickets issued so far, these included
   * $9 since when the pace's allowance has been adding up (null without a pace)   $10 how much of it this batch used
   * Returns  one row { settled }: how many requests changed; anything but the number given must roll back
   * Rows are changed where they lie: nobody moves them, they were locked when they were taken. Looked for by their ids
   * again they cost more, and joined by them, a planner that expects next to nobody queued would compare all with all.
   * Guarded  a request changes only while it is queued; tickets and holdings by their primary keys
   */
  write: `
    WITH types AS MATERIALIZED (
      SELECT id, price_cents, currency FROM ticket_types WHERE event_id = $1
    ), decided AS (
      SELECT d.*, (SELECT price_cents FROM types WHERE id = d.type_id) AS price_cents,
             (SELECT currency FROM types WHERE id = d.type_id) AS currency
        FROM unnest($2::tid[], $3::int[], $4::int[], $5::refusal_reason[]) AS d (row, type_id, first_number, reason)
    ), settled AS (
      UPDATE ticket_requests r
         SET status = (CASE WHEN d.reason IS NULL THEN 'granted' ELSE 'refused' END)::request_status,
             reason = d.reason, first_number = d.first_number, settled_at = now(),
             unit_price_cents = CASE WHEN d.reason IS NULL THEN d.price_cents END
        FROM decided d
       WHERE r.ctid = d.row AND r.status = 'queued'
      RETURNING r.id, r.user_id, r.tier, r.place, r.quantity, r.first_number, r.reason, d.price_cents, d.currency
    ), seats AS (
      INSERT INTO tickets (event_id, number, request_id)
      SELECT $1, n.number, s.id
        FROM settled s
       CROSS JOIN LATERAL generate_series(s.first_number, s.first_number + s.quantity - 1) AS n (number)
       WHERE s.first_number IS NOT NULL
    ), held AS (
      INSERT INTO holdings AS h (event_id, user_id, held)
      SELECT $1, s.user_id, sum(s.quantity)
        FROM settled s
       WHERE s.first_number IS NOT NULL
       GROUP BY s.user_id
       ORDER BY s.user_id
          ON CONFLICT (event_id, user_id) DO UPDATE SET held = h.held + excluded.held
    ), entries AS (
      INSERT INTO ledger
             (event_id, request_id, tier, quantity, unit_price_cents, currency, status, reason, user_id)
      SELECT $1, s.id, s.tier, s.quantity, s.price_cents, s.currency,
             CASE WHEN s.reason IS NULL THEN 'granted' ELSE 'refused' END, s.reason, s.user_id
        FROM settled s
       ORDER BY s.id
    ), passed AS (
      DELETE FROM cancelled_places c
       WHERE c.event_id = $1 AND c.place <= CASE c.tier WHEN 1 THEN $6::int ELSE $7::int END
    ), counted AS (
      SELECT count(*)::int AS settled FROM settled
    )
    UPDATE lines l
       SET vip_served = $6, regular_served = $7, tickets_issued = $8,
           settled = l.settled + c.settled,
           paced_until = coalesce($9::timestamptz + make_interval(secs => $10::int / l.pace::float8), l.paced_until),
           changed_at = clock_timestamp()
      FROM counted c
     WHERE l.event_id = $1
    RETURNING c.settled, pg_notify('line', $1::text)`,
};
