/** An order whose tickets somebody could still use: live, of an event that has not begun. `r` is the request, `e` its event. */
const TO_COME = `r.status = 'granted' AND r.returned_at IS NULL
     AND e.starts_at > now() AND e.state IN ('draft', 'open', 'closed')`;

/** The statements of an erasure, in their order. An object, so that a race test can take a guard out. */
export const ERASURE = {
  /**
   * Purpose  all who administer, locked, when this person is one: of two who leave at once the second sees that the first
   *          is gone. Before anything else and by number, so that no two wait for each other
   * $1 user id
   * Returns  their ids
   */
  holdAdmins: `
    SELECT id FROM users
     WHERE role = 'admin' AND active AND EXISTS (SELECT FROM users WHERE id = $1 AND role = 'admin')
     ORDER BY id FOR UPDATE`,

  /** Purpose  become the one who erases this person   $1 user id   Returns  one row, none when they were erased before */
  hold: `SELECT role FROM users WHERE id = $1 AND erased_at IS NULL FOR UPDATE`,

  /**
   * Purpose  the orders that can still be given back, in the order in which stock is locked elsewhere
   * $1 user id
   */
  ordersToCome: `
    SELECT r.id FROM ticket_requests r JOIN events e ON e.id = r.event_id
     WHERE r.user_id = $1 AND ${TO_COME}
     ORDER BY r.ticket_type_id, r.id`,

  /**
   * Purpose  put what is no person in the person's place; the number stays, which the books go by
   * $1 user id
   * The new role and state end the sessions, the new name has the ledger's files written anew: triggers of the table.
   */
  erase: `
    UPDATE users
       SET name = 'Erased', email = 'erased-' || id, email_key = 'erased-' || id, password_hash = 'none',
           role = 'attendee', active = false, erased_at = now()
     WHERE id = $1`,

  forgetSessions: `DELETE FROM sessions WHERE user_id = $1`,

  /** What a client chooses as a key may say who it is. */
  forgetKeys: `DELETE FROM idempotency_keys WHERE user_id = $1`,
};

/**
 * Purpose  people erased within a day who wait or hold tickets for events to come all the same: what they had asked for was
 *          on its way when they were erased
 */
export const LEFT_OVER = `
  SELECT u.id FROM users u
   WHERE u.erased_at > now() - interval '1 day'
     AND (EXISTS (SELECT FROM ticket_requests r WHERE r.user_id = u.id AND r.status = 'queued')
       OR EXISTS (SELECT FROM ticket_requests r JOIN events e ON e.id = r.event_id WHERE r.user_id = u.id AND ${TO_COME})
       OR EXISTS (SELECT FROM idempotency_keys k WHERE k.user_id = u.id))`;

/** Purpose  when an account was opened   $1 user id */
export const OPENED_AT = `SELECT created_at FROM users WHERE id = $1`;

/** Purpose  a person's sessions: one sign-in on one device each   $1 user id */
export const SESSIONS = `
  SELECT created_at, renewed_at, expires_at AS ends_at, revoked_at AS ended_at
    FROM sessions WHERE user_id = $1 ORDER BY created_at`;
