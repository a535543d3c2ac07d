/**
 * Purpose  everything that intake and position need to know of some events, from one snapshot
 * $1       event ids
 * Returns  one row per event that exists; `types`, `places`, the two lists of cancelled places inside, and what the next
 *          in each line ask for: the seats of the first 64 who wait, in their order, read from the primary key's index
 */
export const READ_BOARDS = `
  SELECT e.id, e.mode, e.state, e.max_per_buyer, e.organizer_id,
         (extract(epoch FROM e.sale_opens_at) * 1000)::float8 AS opens_at_ms,
         (extract(epoch FROM e.sale_closes_at) * 1000)::float8 AS closes_at_ms,
         l.vip_served, l.regular_served, l.settled::float8 AS settled, l.pace, l.paused,
         (extract(epoch FROM l.changed_at) * 1000)::float8 AS changed_at_ms,
         (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms,
         (SELECT json_agg(json_build_object('id', t.id, 'name', t.name, 'tier', t.tier,
                                            'capacity', t.capacity, 'remaining', t.remaining) ORDER BY t.tier)
            FROM ticket_types t WHERE t.event_id = e.id) AS types,
         (SELECT json_agg(json_build_object('tier', p.tier, 'last', p.last_place, 'seats', p.last_seats))
            FROM line_places p WHERE p.event_id = e.id) AS places,
         ARRAY(SELECT c.place FROM cancelled_places c
                WHERE c.event_id = e.id AND c.tier = 1 AND c.place > l.vip_served ORDER BY c.place) AS vip_cancelled,
         ARRAY(SELECT c.place FROM cancelled_places c
                WHERE c.event_id = e.id AND c.tier = 2 AND c.place > l.regular_served ORDER BY c.place) AS regular_cancelled,
         ARRAY(SELECT r.quantity FROM ticket_requests r
                WHERE r.id > standing_id(e.id, 1, l.vip_served, 'ffffffffffffffff')
                  AND r.id < standing_id(e.id, 2, 0, '0000000000000000') AND r.status = 'queued'
                ORDER BY r.id LIMIT 64) AS vip_next,
         ARRAY(SELECT r.quantity FROM ticket_requests r
                WHERE r.id > standing_id(e.id, 2, l.regular_served, 'ffffffffffffffff')
                  AND r.id < standing_id(e.id, 3, 0, '0000000000000000') AND r.status = 'queued'
                ORDER BY r.id LIMIT 64) AS regular_next
    FROM events e JOIN lines l ON l.event_id = e.id
   WHERE e.id = ANY ($1)`;

export interface BoardRow {
  id: number;
  mode: string;
  state: string;
  max_per_buyer: number;
  organizer_id: number;
  opens_at_ms: number | null;
  closes_at_ms: number | null;
  vip_served: number;
  regular_served: number;
  settled: number;
  pace: number | null;
  paused: boolean;
  changed_at_ms: number;
  now_ms: number;
  types: { id: number; name: string; tier: 1 | 2; capacity: number; remaining: number }[];
  places: { tier: 1 | 2; last: number; seats: number }[];
  vip_cancelled: number[];
  regular_cancelled: number[];
  vip_next: number[];
  regular_next: number[];
}
