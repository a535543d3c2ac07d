/** Attempts of a client's history as a table; $1 is a JSON array of them. */
const ATTEMPTS = `
  attempts AS MATERIALIZED (
    SELECT a.*
      FROM json_to_recordset($1::json) AS a (
        line int, "user" int, key text, event int, tier smallint, quantity int, outcome text, request_id uuid, place int))`;

const ANSWERED = `${ATTEMPTS}, answered AS (SELECT * FROM attempts WHERE outcome = 'answered')`;

/** One thing that must hold between a history and the database, as SQL that finds the attempts which break it. */
export interface HistoryCheck {
  readonly name: string;
  readonly proves: string;
  /** Which attempts it looks at. */
  readonly outcome: 'answered' | 'refused';
  /** $1 attempts, as above. Answers the lines that break it, with columns named for a reader. */
  readonly broken: string;
}

export const ANSWERED_CHECK: HistoryCheck = {
  name: 'answered',
  proves: 'every request answered 202 is there as it was asked and answered',
  outcome: 'answered',
  broken: `
    WITH ${ANSWERED}
    SELECT a.line, a.request_id AS request, a."user", a.event, a.tier, a.quantity, a.place, r.user_id AS buyer_there,
           r.event_id AS event_there, r.quantity AS quantity_there, r.place AS place_there
      FROM answered a LEFT JOIN ticket_requests r ON r.id = a.request_id
     WHERE (r.user_id, r.event_id, r.tier, r.quantity, r.place)
           IS DISTINCT FROM (a."user", a.event, a.tier, a.quantity, a.place)`,
};

export const ONCE_CHECK: HistoryCheck = {
  name: 'once',
  proves: 'a key became one request, the one that every answer named',
  outcome: 'answered',
  // A key is forgotten after 24 hours, an hour later at most, or with its person; one that is gone before would be
  // taken for a new one.
  broken: `
    WITH ${ANSWERED}
    SELECT a.line, a.key, a.request_id AS request, a.place, k.place AS place_of_key, o.key AS other_key
      FROM answered a
      LEFT JOIN idempotency_keys k ON k.user_id = a."user" AND k.key = a.key
      LEFT JOIN ticket_requests r ON r.id = a.request_id
      LEFT JOIN users u ON u.id = a."user"
      LEFT JOIN LATERAL (
            SELECT o.key FROM idempotency_keys o
             WHERE o.user_id = a."user" AND o.key <> a.key
               AND (o.event_id, o.tier, o.place) = (a.event, a.tier, a.place) LIMIT 1) o ON true
     WHERE a.key IS NOT NULL
       AND (o.key IS NOT NULL
            OR CASE WHEN k.key IS NULL THEN r.created_at > now() - interval '24 hours' AND u.erased_at IS NULL
                    ELSE (k.event_id, k.tier, k.quantity, k.place) <> (a.event, a.tier, a.quantity, a.place) END)`,
};

/** What it finds may yet be explained: another attempt with the key may have been answered, or lost its answer. */
export const REFUSED_CHECK: HistoryCheck = {
  name: 'refused',
  proves: 'what was only ever refused is not there under its key',
  outcome: 'refused',
  broken: `
    WITH ${ATTEMPTS}
    SELECT a.line, a."user", a.key, k.event_id AS event, k.tier, k.place
      FROM attempts a JOIN idempotency_keys k ON k.user_id = a."user" AND k.key = a.key
     WHERE a.outcome = 'refused'`,
};

export const OUTCOMES_CHECK: HistoryCheck = {
  name: 'outcomes',
  proves: 'every request answered 202 has an outcome',
  outcome: 'answered',
  broken: `
    WITH ${ANSWERED}
    SELECT a.line, a.request_id AS request, a.event, a.tier, a.place, r.status::text
      FROM answered a JOIN ticket_requests r ON r.id = a.request_id
     WHERE r.status = 'queued'`,
};
