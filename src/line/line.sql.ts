/**
 * Purpose  which events have somebody in line whose turn it may be now
 * Returns  event ids; events that are paused, or whose pace is used up for the moment, are left out, unless those who
 *          wait are only to be told that there is nothing more
 */
export const LINES_TO_SERVE = `
  SELECT l.event_id
    FROM lines l
    JOIN events e ON e.id = l.event_id
    JOIN line_places v ON v.event_id = l.event_id AND v.tier = 1
    JOIN line_places r ON r.event_id = l.event_id AND r.tier = 2
   WHERE (v.last_place > l.vip_served OR r.last_place > l.regular_served)
     AND (e.state <> 'open' OR NOT l.paused
          AND (l.pace IS NULL OR l.paced_until + make_interval(secs => 1.0 / l.pace) <= clock_timestamp()))
   ORDER BY l.changed_at`;

/**
 * Purpose  the permits that bring everybody who waits at some events to their turn
 * $1       event ids
 * Returns  a row per event and tier that has places given out and not yet served: the first and the last of them, and how
 *          many requests wait there (1 at least: where all have left, the line still has to move on)
 */
export const PERMITS_DUE = `
  SELECT d.event_id AS "eventId", d.tier, d.served + 1 AS "from", d.last_place AS "to", greatest(d.waiting, 1) AS requests
    FROM (SELECT p.event_id, p.tier, s.served, p.last_place,
                 (p.last_place - s.served - (SELECT count(*) FROM cancelled_places c
                   WHERE c.event_id = p.event_id AND c.tier = p.tier AND c.place > s.served))::int AS waiting
            FROM lines l
            JOIN line_places p ON p.event_id = l.event_id
           CROSS JOIN LATERAL (SELECT CASE p.tier WHEN 1 THEN l.vip_served ELSE l.regular_served END AS served) s
           WHERE l.event_id = ANY ($1)) d
   WHERE d.last_place > d.served
   ORDER BY d.event_id, d.tier`;

/**
 * Purpose  the line of a new event, with nobody in it
 * $1 event id   $2 the pace (null for as fast as it goes)
 */
export const BEGIN_LINE = `
  WITH begun AS (INSERT INTO lines (event_id, pace) VALUES ($1, $2))
  INSERT INTO line_places (event_id, tier) VALUES ($1, 1), ($1, 2)`;

/**
 * Purpose  hold the line back, let it go on, or set its pace
 * $1 event id   $2 whether to change the pace   $3 the pace (null for as fast as it goes)   $4 paused (null to leave it)
 *
 * The pace begins anew: a line that was held does not make up for it in one go. The old pace is read from the row
 * itself and from nowhere else: of two changes at once the second waits, and must see what the first has written.
 */
export const STEER_LINE = `
  UPDATE lines l
     SET pace = CASE WHEN $2 THEN $3::int ELSE l.pace END, paused = coalesce($4, l.paused),
         paced_until = greatest(l.paced_until, clock_timestamp() - make_interval(
                         secs => 1.0 / coalesce(CASE WHEN $2 THEN $3::int ELSE l.pace END, 1))),
         changed_at = clock_timestamp()
   WHERE l.event_id = $1
  RETURNING pg_notify('line', l.event_id::text)`;
