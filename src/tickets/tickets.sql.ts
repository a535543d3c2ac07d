/**
 * Purpose  a buyer's orders (their granted requests), the newest first, each with its tickets
 * $1 user id   $2, $3 created_at and id of the last one seen (null from the start)   $4 how many
 */
export const LIST_ORDERS = `
  SELECT r.id, r.event_id, r.tier, r.quantity, r.unit_price_cents, r.settled_at, r.settled_at::text AS sort_time,
         r.returned_at, t.name AS type_name, t.currency,
         e.name AS event_name, e.code AS event_code, e.starts_at, e.ends_at, e.time_zone, e.venue, e.state AS event_state,
         e.entry_code_length, e.entry_code_key,
         (SELECT json_agg(json_build_object('number', k.number, 'status', k.status, 'entered_at', k.entered_at)
                          ORDER BY k.number)
            FROM tickets k
           WHERE k.event_id = r.event_id
             AND k.number BETWEEN r.first_number AND r.first_number + r.quantity - 1) AS tickets
    FROM ticket_requests r
    JOIN events e ON e.id = r.event_id
    JOIN ticket_types t ON t.id = r.ticket_type_id
   WHERE r.user_id = $1 AND r.status = 'granted'
     AND ($2::timestamptz IS NULL OR (r.settled_at, r.id) < ($2, $3::uuid))
     AND ($5::uuid IS NULL OR r.id = $5)
   ORDER BY r.settled_at DESC, r.id DESC
   LIMIT $4`;

/** The statements that give an order back. An object, so that a race test can take a guard out. */
export const CANCEL_ORDER = {
  /**
   * Purpose  mark an order as given back, once
   * $1 order id   $2 the buyer's user id
   * Returns  one row for the one caller who may return its stock, none for everybody else
   */
  claim: `
    UPDATE ticket_requests SET returned_at = now()
     WHERE id = $1 AND user_id = $2 AND status = 'granted' AND returned_at IS NULL
    RETURNING id, event_id, ticket_type_id, tier, quantity, first_number, unit_price_cents`,

  /**
   * Purpose  void the order's tickets that have not been used
   * $1 event id   $2 number of the first ticket   $3 number of the last
   * Returns  a row count: how many tickets were voided; fewer than the order has means that one was used
   */
  void: `
    UPDATE tickets SET status = 'cancelled'
     WHERE event_id = $1 AND number BETWEEN $2 AND $3 AND status IN ('not_entered', 'entry_denied')`,

  /**
   * Purpose  let go of the buyer's limit and write the ledger
   * $1 order id   $2 the buyer's user id
   */
  record: `
    WITH given_back AS (
      SELECT r.*, t.currency
        FROM ticket_requests r JOIN ticket_types t ON t.id = r.ticket_type_id
       WHERE r.id = $1 AND r.user_id = $2
    ), held AS (
      UPDATE holdings h SET held = h.held - g.quantity FROM given_back g
       WHERE h.event_id = g.event_id AND h.user_id = g.user_id
    )
    INSERT INTO ledger (event_id, request_id, tier, quantity, unit_price_cents, currency, status, reason, user_id)
    SELECT event_id, id, tier, quantity, unit_price_cents, currency, 'returned', 'user_cancelled', user_id FROM given_back
    RETURNING pg_notify('line', event_id::text)`,
};

/**
 * Purpose  a ticket as the door sees it
 * $1 event id   $2 number of the ticket
 */
export const FIND_TICKET = `
  SELECT k.number, k.status, k.entered_at, k.event_id, r.user_id, r.tier, u.name AS holder, t.name AS type_name,
         e.name AS event_name, e.code AS event_code, e.entry_code_length, e.entry_code_key
    FROM tickets k
    JOIN ticket_requests r ON r.id = k.request_id
    JOIN users u ON u.id = r.user_id
    JOIN ticket_types t ON t.id = r.ticket_type_id
    JOIN events e ON e.id = k.event_id
   WHERE k.event_id = $1 AND k.number = $2`;

export const DOOR = {
  /**
   * Purpose  let a ticket in, once
   * $1 event id   $2 number of the ticket
   * Returns  one row { entered_at } for the one scan that lets it in, none for all others
   * Guarded  by the status in the condition: of any number at once the database lets one through
   */
  enter: `
    UPDATE tickets SET status = 'entered', entered_at = now() WHERE event_id = $1 AND number = $2 AND status = 'not_entered'
    RETURNING entered_at`,
};
