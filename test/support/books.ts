import type { Tixline } from './tixline';

/** What must hold whenever no transaction is under way. Each statement answers what breaks it. */
const RULES: Record<string, string> = {
  'capacity = remaining + live tickets': `
    SELECT t.id, t.capacity, t.remaining, count(k.number) AS live
      FROM ticket_types t
      LEFT JOIN ticket_requests r ON r.ticket_type_id = t.id AND r.status = 'granted'
      LEFT JOIN tickets k ON k.request_id = r.id AND k.status <> 'cancelled'
     GROUP BY t.id HAVING t.capacity <> t.remaining + count(k.number) OR t.remaining < 0`,
  'a granted request has exactly its quantity of tickets, another none': `
    SELECT r.id, r.status, r.quantity, count(k.number) AS tickets
      FROM ticket_requests r LEFT JOIN tickets k ON k.request_id = r.id
     GROUP BY r.id HAVING count(k.number) <> CASE r.status WHEN 'granted' THEN r.quantity ELSE 0 END`,
  'all tickets of a returned order are void, and only of one': `
    SELECT r.id FROM ticket_requests r JOIN tickets k ON k.request_id = r.id
     WHERE (r.returned_at IS NOT NULL) <> (k.status = 'cancelled')`,
  'a ticket has its number alone': `
    SELECT event_id, number FROM tickets GROUP BY event_id, number HAVING count(*) > 1`,
  'holdings are the live tickets of a buyer': `
    SELECT coalesce(h.user_id, live.user_id) AS buyer, h.held, live.tickets
      FROM holdings h
      FULL JOIN (SELECT k.event_id, r.user_id, count(*) AS tickets
                   FROM tickets k JOIN ticket_requests r ON r.id = k.request_id
                  WHERE k.status <> 'cancelled' GROUP BY 1, 2) live
             ON live.event_id = h.event_id AND live.user_id = h.user_id
     WHERE coalesce(h.held, 0) <> coalesce(live.tickets, 0)`,
  'no buyer holds more than the limit': `
    SELECT h.user_id, h.held FROM holdings h JOIN events e ON e.id = h.event_id WHERE h.held > e.max_per_buyer`,
  'every outcome stands in the ledger once, a return once more': `
    SELECT r.id, r.status, l.entries
      FROM ticket_requests r
      LEFT JOIN (SELECT request_id, array_agg(status ORDER BY status) AS entries FROM ledger GROUP BY 1) l ON l.request_id = r.id
     WHERE l.entries IS DISTINCT FROM
           CASE WHEN r.status = 'queued' THEN NULL WHEN r.returned_at IS NULL THEN ARRAY[r.status::text]
                ELSE ARRAY[r.status::text, 'returned'] END`,
  'places have no gap and no twin': `
    SELECT p.event_id, p.tier, p.last_place, count(r.id) AS requests
      FROM line_places p LEFT JOIN ticket_requests r ON r.event_id = p.event_id AND r.tier = p.tier
     GROUP BY 1, 2 HAVING count(r.id) <> p.last_place OR count(DISTINCT r.place) <> p.last_place`,
  'nobody who waits has been passed by the counter': `
    SELECT r.id FROM ticket_requests r JOIN lines l ON l.event_id = r.event_id
     WHERE r.status = 'queued' AND r.place <= CASE r.tier WHEN 1 THEN l.vip_served ELSE l.regular_served END`,
};

/** The rules that this database breaks, each with up to three examples. Empty when the books are right. */
export async function faultsIn(tixline: Tixline): Promise<string[]> {
  const faults: string[] = [];
  for (const [rule, statement] of Object.entries(RULES)) {
    const { rows } = await tixline.sql(statement);
    if (rows.length > 0) faults.push(`not so: ${rule} (${rows.length}): ${JSON.stringify(rows.slice(0, 3))}`);
  }
  return faults;
}

/** How often each outcome was given at an event, by reason for refusals: `{ granted: 1, sold_out: 199 }`. */
export async function outcomesOf(tixline: Tixline, eventId: number): Promise<Record<string, number>> {
  const { rows } = await tixline.sql<{ outcome: string; requests: number }>(
    `SELECT coalesce(reason::text, status::text) AS outcome, count(*)::int AS requests
       FROM ticket_requests WHERE event_id = $1 GROUP BY 1 ORDER BY 1`,
    [eventId],
  );
  return Object.fromEntries(rows.map(({ outcome, requests }) => [outcome, requests]));
}

/** Seats left of an event's type, and how many live tickets are out. */
export async function shelfOf(
  tixline: Tixline,
  eventId: number,
  tier: 1 | 2 = 2,
): Promise<{ remaining: number; live: number }> {
  const { rows } = await tixline.sql<{ remaining: number; live: number }>(
    `SELECT t.remaining, (SELECT count(*)::int FROM tickets k JOIN ticket_requests r ON r.id = k.request_id
                           WHERE r.ticket_type_id = t.id AND k.status <> 'cancelled') AS live
       FROM ticket_types t WHERE t.event_id = $1 AND t.tier = $2`,
    [eventId, tier],
  );
  return rows[0]!;
}

/** A hash over every row of each table of ours: the same as long as nothing has changed. How far the CSV has got is left out. */
export async function hashOfTables(tixline: Tixline): Promise<string> {
  const { rows } = await tixline.sql<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'ledger_cursors' ORDER BY 1`,
  );
  const hashes = rows.map(
    ({ name }) =>
      `(SELECT '${name} ' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM "${name}" t)`,
  );
  const { rows: hashed } = await tixline.sql<{ hash: string }>(
    `SELECT concat_ws(E'\\n', ${hashes.join(', ')}) AS hash`,
  );
  return hashed[0]!.hash;
}
