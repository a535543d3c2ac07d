import type { Check } from './verify-check';

/** Stock, tickets and who holds them. A live ticket is one that is not cancelled. */
export const TICKET_CHECKS: readonly Check[] = [
  {
    name: 'stock',
    proves: 'capacity = remaining + live tickets, and nothing is negative',
    counts: 'ticket_types',
    broken: `
      SELECT y.id AS ticket_type, y.event_id AS event, y.name, y.capacity, y.remaining, coalesce(l.live, 0) AS live
        FROM ticket_types y
        LEFT JOIN (SELECT r.ticket_type_id, count(*) AS live
                     FROM tickets t JOIN ticket_requests r ON r.id = t.request_id
                    WHERE t.status <> 'cancelled'
                    GROUP BY r.ticket_type_id) l ON l.ticket_type_id = y.id
       WHERE y.capacity <> y.remaining + coalesce(l.live, 0) OR y.remaining NOT BETWEEN 0 AND y.capacity`,
  },
  {
    name: 'granted-tickets',
    proves: 'a granted request has just its quantity of tickets, with its numbers',
    counts: 'granted',
    broken: `
      SELECT r.id AS request, r.quantity, r.first_number AS first, coalesce(t.tickets, 0) AS tickets, t.least, t.most
        FROM ticket_requests r
        LEFT JOIN (SELECT request_id, event_id, count(*) AS tickets, min(number) AS least, max(number) AS most
                     FROM tickets GROUP BY request_id, event_id) t ON t.request_id = r.id AND t.event_id = r.event_id
       WHERE r.status = 'granted'
         AND (t.tickets, t.least, t.most) IS DISTINCT FROM (r.quantity::bigint, r.first_number, r.first_number + r.quantity - 1)`,
  },
  {
    name: 'stray-tickets',
    proves: 'no ticket is without a granted request',
    counts: 'tickets',
    broken: `
      SELECT t.request_id AS request, r.status, t.event_id AS event, t.number AS ticket, t.status AS ticket_status
        FROM tickets t LEFT JOIN ticket_requests r ON r.id = t.request_id AND r.event_id = t.event_id
       WHERE r.status IS DISTINCT FROM 'granted'`,
  },
  {
    name: 'returned-orders',
    proves: 'an order given back has only cancelled tickets, no other order has one',
    counts: 'granted',
    broken: `
      SELECT r.id AS request, r.returned_at IS NOT NULL AS returned, t.event_id AS event, t.number AS ticket, t.status AS ticket_status
        FROM tickets t JOIN ticket_requests r ON r.id = t.request_id
       WHERE r.status = 'granted' AND (t.status = 'cancelled') <> (r.returned_at IS NOT NULL)`,
  },
  {
    name: 'ticket-numbers',
    proves: 'the tickets of an event are numbered 1 to tickets_issued, each once',
    counts: 'tickets',
    broken: `
      SELECT t.event_id AS event, t.number, t.before
        FROM (SELECT event_id, number, lag(number, 1, 0) OVER (PARTITION BY event_id ORDER BY number) AS before
                FROM tickets) t
       WHERE t.number <> t.before + 1
      UNION ALL
      SELECT l.event_id, l.tickets_issued, coalesce(m.most, 0)
        FROM lines l LEFT JOIN (SELECT event_id, max(number) AS most FROM tickets GROUP BY event_id) m USING (event_id)
       WHERE l.tickets_issued <> coalesce(m.most, 0)`,
  },
  {
    name: 'holdings',
    proves: 'what a buyer is noted to hold is what they hold in live tickets',
    counts: 'holdings',
    broken: `
      SELECT coalesce(h.event_id, l.event_id) AS event, coalesce(h.user_id, l.user_id) AS buyer,
             coalesce(h.held, 0) AS held, coalesce(l.live, 0) AS live
        FROM holdings h
        FULL JOIN (SELECT r.event_id, r.user_id, count(*) AS live
                     FROM tickets t
                     JOIN ticket_requests r ON r.id = t.request_id
                    WHERE t.status <> 'cancelled'
                    GROUP BY r.event_id, r.user_id) l ON l.event_id = h.event_id AND l.user_id = h.user_id
       WHERE coalesce(h.held, 0) <> coalesce(l.live, 0)`,
  },
  {
    name: 'buyer-limit',
    proves: 'no buyer holds more than max_per_buyer, as it stands now',
    counts: 'holdings',
    broken: `
      SELECT h.event_id AS event, h.user_id AS buyer, h.held, e.max_per_buyer
        FROM holdings h JOIN events e ON e.id = h.event_id
       WHERE h.held > e.max_per_buyer`,
  },
];
