/** The statements that move stock. An object, so that a race test can take a guard out and see the promise break. */
export const STOCK = {
  /**
   * Purpose  take seats off the shelf, only while enough remain
   * $1 ticket type id   $2 seats, 1 or more
   * Returns  one row { remaining } on success, none when short
   * Guarded  again by constraint ticket_type_remaining_not_negative
   */
  take: `UPDATE ticket_types SET remaining = remaining - $2 WHERE id = $1 AND remaining >= $2 RETURNING remaining`,

  /**
   * Purpose  put seats back on the shelf
   * $1 ticket type id   $2 seats, 1 or more
   * Guarded  by constraint ticket_type_remaining_within_capacity, and by the caller: once per cancelled order
   */
  putBack: `UPDATE ticket_types SET remaining = remaining + $2 WHERE id = $1 RETURNING remaining`,

  /**
   * Purpose  how many seats are left, held still until the transaction ends
   * $1       ticket type ids
   */
  count: `SELECT id, remaining FROM ticket_types WHERE id = ANY ($1) ORDER BY id FOR UPDATE`,
};
