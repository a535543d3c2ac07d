/**
 * Purpose  which events have somebody in line whose turn it may be now
 * Returns  event ids; events that are paused, or whose pace is used up for the moment, are left out
 */
export const LINES_TO_SERVE = `
  SELECT l.event_id
    FROM lines l
    JOIN line_places v ON v.event_id = l.event_id AND v.tier = 1
    JOIN line_places r ON r.event_id = l.event_id AND r.tier = 2
   WHERE (v.last_place > l.vip_served OR r.last_place > l.regular_served)
     AND NOT l.paused
     AND (l.pace IS NULL OR l.paced_until + make_interval(secs => 1.0 / l.pace) <= clock_timestamp())
   ORDER BY l.changed_at`;

/**
 * Purpose  how far lines have got: the same number twice means that nobody was served in between
 * $1       event ids
 */
export const PROGRESS = `SELECT event_id, settled::text AS settled FROM lines WHERE event_id = ANY ($1)`;

/**
 * Purpose  what each tier of an event still has in line
 * $1       event ids
 * Returns  a row per event and tier that has places given out and not yet served: from the first such place to the last
 */
export const OPEN_RUNS = `
  SELECT p.event_id, p.tier, CASE p.tier WHEN 1 THEN l.vip_served ELSE l.regular_served END + 1 AS "from", p.last_place AS "to"
    FROM lines l JOIN line_places p ON p.event_id = l.event_id
   WHERE l.event_id = ANY ($1)
     AND p.last_place > CASE p.tier WHEN 1 THEN l.vip_served ELSE l.regular_served END
   ORDER BY p.event_id, p.tier`;

/**
 * Purpose  hold the line back, let it go on, or set its pace
 * $1 event id   $2 whether to change the pace   $3 the pace (null for as fast as it goes)   $4 paused (null to leave it)
 *
 * The pace begins anew: a line that was held does not make up for it in one go.
 */
export const STEER_LINE = `
  UPDATE lines l
     SET pace = n.pace, paused = coalesce($4, l.paused), changed_at = clock_timestamp(),
         paced_until = greatest(l.paced_until, clock_timestamp() - make_interval(secs => 1.0 / coalesce(n.pace, 1)))
    FROM (SELECT CASE WHEN $2 THEN $3::int ELSE pace END AS pace FROM lines WHERE event_id = $1) n
   WHERE l.event_id = $1
  RETURNING pg_notify('line', l.event_id::text)`;
