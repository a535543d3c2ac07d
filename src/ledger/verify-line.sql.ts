import type { Check } from './verify-check';

/** Requests, their places, the order in which they were settled, and what the ledger says of them. */
export const LINE_CHECKS: readonly Check[] = [
  {
    name: 'requests',
    proves: 'ids say event, tier and place; buyer, event and type exist and agree',
    counts: 'requests',
    broken: `
      SELECT r.id AS request, r.event_id AS event, r.tier, r.place, r.user_id AS buyer, r.ticket_type_id AS ticket_type
        FROM ticket_requests r
        LEFT JOIN users u ON u.id = r.user_id
        LEFT JOIN events e ON e.id = r.event_id
        LEFT JOIN ticket_types y ON y.id = r.ticket_type_id AND y.event_id = r.event_id AND y.tier = r.tier
       WHERE u.id IS NULL OR e.id IS NULL OR y.id IS NULL
          OR r.id <> standing_id(r.event_id, r.tier, r.place, right(replace(r.id::text, '-', ''), 16))`,
  },
  {
    name: 'places',
    proves: 'the places of a tier are 1 to last_place, each given out once',
    counts: 'requests',
    broken: `
      SELECT r.event_id AS event, r.tier, r.place, r.before, r.id AS request
        FROM (SELECT id, event_id, tier, place,
                     lag(place, 1, 0) OVER (PARTITION BY event_id, tier ORDER BY place) AS before
                FROM ticket_requests) r
       WHERE r.place <> r.before + 1
      UNION ALL
      SELECT p.event_id, p.tier, p.last_place, coalesce(m.most, 0), NULL
        FROM line_places p
        LEFT JOIN (SELECT event_id, tier, max(place) AS most FROM ticket_requests GROUP BY event_id, tier) m
             USING (event_id, tier)
       WHERE p.last_place <> coalesce(m.most, 0)`,
  },
  {
    name: 'served',
    proves: 'up to the served place all have an outcome, behind it nobody',
    counts: 'requests',
    // Behind it some may have left by themselves: each of them, and nobody else, stands in cancelled_places.
    broken: `
      WITH served AS (
        SELECT l.event_id, t.tier, CASE t.tier WHEN 1 THEN l.vip_served ELSE l.regular_served END AS served_place
          FROM lines l CROSS JOIN (VALUES (1), (2)) t (tier)
      )
      SELECT r.id AS request, r.event_id AS event, r.tier, r.place, r.status::text, s.served_place AS served
        FROM ticket_requests r
        JOIN served s ON s.event_id = r.event_id AND s.tier = r.tier
        LEFT JOIN cancelled_places c ON c.event_id = r.event_id AND c.tier = r.tier AND c.place = r.place
       WHERE CASE WHEN r.place <= s.served_place THEN r.status = 'queued'
                  WHEN r.status = 'cancelled' THEN c.place IS NULL
                  ELSE r.status <> 'queued' OR c.place IS NOT NULL END
      UNION ALL
      SELECT NULL, s.event_id, s.tier, c.place, 'nobody', s.served_place
        FROM cancelled_places c
        JOIN served s ON s.event_id = c.event_id AND s.tier = c.tier AND c.place > s.served_place
        LEFT JOIN ticket_requests r ON r.event_id = c.event_id AND r.tier = c.tier AND r.place = c.place
       WHERE r.id IS NULL`,
  },
  {
    // Granted, refused or cancelled once, as the request says; returned once, if it was; nothing for those who wait.
    name: 'one-outcome',
    proves: 'a settled request has one outcome in the ledger, a return one too',
    counts: 'settled',
    broken: `
      SELECT coalesce(r.id, l.request_id) AS request, r.status::text, r.returned_at IS NOT NULL AS returned, l.outcomes, l.outcome, l.returns
        FROM ticket_requests r
        FULL JOIN (SELECT request_id,
                          count(*) FILTER (WHERE status <> 'returned') AS outcomes,
                          min(status) FILTER (WHERE status <> 'returned') AS outcome,
                          count(*) FILTER (WHERE status = 'returned') AS returns
                     FROM ledger GROUP BY request_id) l ON l.request_id = r.id
       WHERE r.id IS NULL
          OR coalesce(l.outcomes, 0) <> CASE WHEN r.status = 'queued' THEN 0 ELSE 1 END
          OR (l.outcomes = 1 AND l.outcome <> r.status::text)
          OR coalesce(l.returns, 0) <> CASE WHEN r.returned_at IS NULL THEN 0 ELSE 1 END
          OR (r.returned_at IS NOT NULL AND r.status <> 'granted')`,
  },
  {
    name: 'ledger-facts',
    proves: "event, tier, quantity and reason in the ledger are the request's",
    counts: 'entries',
    broken: `
      SELECT l.id AS entry, l.request_id AS request, l.event_id AS event, l.tier, l.quantity, l.status, l.reason,
             r.quantity AS asked, r.reason::text AS told
        FROM ledger l JOIN ticket_requests r ON r.id = l.request_id
       WHERE (l.event_id, l.tier, l.quantity) <> (r.event_id, r.tier, r.quantity)
          OR (l.status IN ('granted', 'refused') AND l.reason IS DISTINCT FROM r.reason::text)`,
  },
  {
    name: 'in-turn',
    proves: 'within a tier everybody was settled in the order of their places',
    counts: 'settled',
    // Ledger ids come from a sequence, drawn while the line's row is locked: within an event they are the order of settlement.
    broken: `
      SELECT s.request_id AS request, s.event_id AS event, s.tier, s.place, s.id AS entry,
             s.latest_before AS entry_before
        FROM (SELECT l.id, l.request_id, r.event_id, r.tier, r.place,
                     max(l.id) OVER (PARTITION BY r.event_id, r.tier ORDER BY r.place, l.id
                                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest_before
                FROM ledger l JOIN ticket_requests r ON r.id = l.request_id
               WHERE l.status IN ('granted', 'refused')) s
       WHERE s.id < s.latest_before`,
  },
  {
    name: 'passed-over',
    proves: 'nobody was sold out of what a later place of the same batch got',
    counts: 'settled',
    // A batch is one transaction, whose time its rows bear. From one to the next seats may have come back.
    broken: `
      SELECT s.id AS request, s.event_id AS event, s.tier, s.place, s.quantity, s.most_after AS later_got
        FROM (SELECT id, event_id, tier, place, quantity, reason,
                     max(quantity) FILTER (WHERE first_number IS NOT NULL)
                       OVER (PARTITION BY event_id, ticket_type_id, settled_at ORDER BY place
                             ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS most_after
                FROM ticket_requests WHERE settled_at IS NOT NULL) s
       WHERE s.reason = 'sold_out' AND s.most_after >= s.quantity`,
  },
  {
    name: 'vip-first',
    proves: 'no Regular was granted while a VIP accepted 10 s before still waited',
    counts: 'vips',
    /*
     * What the stored times can prove. The order of settlement within an event is that of the ledger's ids (see in-turn).
     * A Regular's row bears the time at which its settlement began, and that settlement looked at the VIP line after it.
     * A VIP's created_at is the time at which its acceptance began; it became visible when that committed, which
     * statement_timeout puts off by ten seconds at most (src/platform/database). So a VIP created ten seconds before
     * a Regular's settlement was seen by it, and must have its outcome before the Regular: in a lower ledger id, or
     * anyhow an outcome. Younger VIPs may have been on their way: of them nothing can be said from the stored times.
     */
    broken: `
      WITH steps AS (
        SELECT l.event_id, l.request_id, l.tier, l.id,
               max(l.at) FILTER (WHERE l.tier = 2 AND l.status = 'granted')
                 OVER (PARTITION BY l.event_id ORDER BY l.id) AS regular_granted_at
          FROM ledger l WHERE l.status <> 'returned'
      ), regulars AS (
        SELECT event_id, max(at) AS granted_at FROM ledger WHERE tier = 2 AND status = 'granted' GROUP BY event_id
      )
      SELECT v.id AS request, v.event_id AS event, v.place, v.status::text,
             round(extract(epoch FROM coalesce(s.regular_granted_at, g.granted_at) - v.created_at)) AS seconds_waited
        FROM ticket_requests v
        LEFT JOIN steps s ON s.request_id = v.id
        LEFT JOIN regulars g ON g.event_id = v.event_id AND v.status = 'queued'
       WHERE v.tier = 1 AND v.created_at + interval '10 seconds' < coalesce(s.regular_granted_at, g.granted_at)`,
  },
];
