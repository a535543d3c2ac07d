import { REGULAR, VIP, type Tier } from '../shared/tier';
import type { Quote } from './quote';

/** One request as it is taken in. */
export interface Ask {
  readonly eventId: number;
  readonly tier: Tier;
  readonly ticketTypeId: number;
  readonly userId: number;
  readonly mark: string;
  readonly quantity: number;
  readonly key: string | null;
}

/** The statement that takes requests in; `acceptValues` makes its values. An object, so that a race test can take a guard out. */
export const INTAKE = {
  /**
   * Purpose  accept a group of requests of one event: places, rows and idempotency keys in one statement
   * $1 event id
   * $2 tiers   $3 ticket type ids   $4 buyers' user ids   $5 their marks   $6 quantities
   * $7 idempotency keys (null without one)
   * $8 line offsets, $9 VIPs ahead, by tier   $10 requests settled per second (null when unknown)
   *          – the numbers the first answer is made of, kept with each key
   * Returns  one row: `bases`, by tier the place before the group's first (null when nobody of it was accepted), and
   *          `repeated`, the ordinals (from 1) of those whose key had been used before, who get no place
   * Guarded  by the primary key of idempotency_keys: two processes with one key at once end in a unique violation for
   *          one of them, which then tries its group again and finds the key used
   *
   * The counters' rows stay locked until commit, so places become visible in their order and without a gap. All take them
   * in the order of the tiers, so nobody waits for somebody who waits for them.
   */
  accept: `
    WITH incoming AS (
      SELECT i.*, known.key IS NOT NULL AS repeated
        FROM unnest($2::smallint[], $3::int[], $4::int[], $5::text[], $6::smallint[], $7::text[]) WITH ORDINALITY
          AS i (tier, ticket_type_id, user_id, mark, quantity, key, ordinal)
        LEFT JOIN LATERAL (
          SELECT k.key FROM idempotency_keys k WHERE k.user_id = i.user_id AND k.key = i.key LIMIT 1) AS known ON true
    ), admitted AS (
      SELECT i.*, row_number() OVER (PARTITION BY i.tier ORDER BY i.ordinal)::int AS nth
        FROM incoming i
       WHERE NOT i.repeated
    ), totals AS (
      SELECT tier, count(*)::int AS requests, sum(quantity) AS seats FROM admitted GROUP BY tier ORDER BY tier
    ), counters AS (
      UPDATE line_places p
         SET last_place = p.last_place + t.requests, last_seats = p.last_seats + t.seats
        FROM totals t
       WHERE p.event_id = $1 AND p.tier = t.tier
      RETURNING p.tier, p.last_place - t.requests AS base
    ), requests AS (
      INSERT INTO ticket_requests (id, event_id, user_id, place, ticket_type_id, tier, quantity)
      SELECT standing_id($1, a.tier, c.base + a.nth, a.mark),
             $1, a.user_id, c.base + a.nth, a.ticket_type_id, a.tier, a.quantity
        FROM admitted a JOIN counters c USING (tier)
    ), keys AS (
      INSERT INTO idempotency_keys
             (user_id, key, event_id, tier, quantity, place, line_offset, vip_ahead, per_second)
      SELECT a.user_id, a.key, $1, a.tier, a.quantity, c.base + a.nth,
             ($8::int[])[a.tier], ($9::int[])[a.tier], $10
        FROM admitted a JOIN counters c USING (tier)
       WHERE a.key IS NOT NULL
    )
    SELECT ARRAY[(SELECT base FROM counters WHERE tier = 1), (SELECT base FROM counters WHERE tier = 2)] AS bases,
           ARRAY(SELECT i.ordinal::int FROM incoming i WHERE i.repeated ORDER BY i.ordinal) AS repeated`,
};

/** The values of `INTAKE.accept` for requests of one event and what their tiers are told. */
export function acceptValues(eventId: number, asks: readonly Ask[], quotes: Record<Tier, Quote>): unknown[] {
  return [
    eventId,
    asks.map(({ tier }) => tier),
    asks.map(({ ticketTypeId }) => ticketTypeId),
    asks.map(({ userId }) => userId),
    asks.map(({ mark }) => mark),
    asks.map(({ quantity }) => quantity),
    asks.map(({ key }) => key),
    [quotes[VIP].lineOffset, quotes[REGULAR].lineOffset],
    // All who are ahead of a VIP are VIPs: nothing to keep.
    [null, quotes[REGULAR].vipAhead],
    quotes[REGULAR].perSecond,
  ];
}

/**
 * Purpose  what was answered to a key the first time
 * $1 user id   $2 key
 */
export const FIRST_ANSWER = `
  SELECT event_id, tier, quantity, place, line_offset, vip_ahead, per_second
    FROM idempotency_keys WHERE user_id = $1 AND key = $2`;

/**
 * Purpose  leave the line, once
 * $1 request ids   $2 the buyer's user id
 * Returns  a row with the event's id for each event whose line this call took some of them out of
 * Guarded  by the row's status: the settlement locks the row before it decides, so exactly one of the two happens
 */
export const LEAVE_LINE = `
  WITH left_line AS (
    UPDATE ticket_requests SET status = 'cancelled', settled_at = now()
     WHERE id = ANY ($1::uuid[]) AND user_id = $2 AND status = 'queued'
    RETURNING id, event_id, tier, place, ticket_type_id, quantity, user_id
  ), place AS (
    INSERT INTO cancelled_places (event_id, tier, place) SELECT event_id, tier, place FROM left_line
  ), entry AS (
    INSERT INTO ledger (event_id, request_id, tier, quantity, unit_price_cents, currency, status, reason, user_id)
    SELECT l.event_id, l.id, l.tier, l.quantity, t.price_cents, t.currency, 'cancelled', 'user_cancelled', l.user_id
      FROM left_line l JOIN ticket_types t ON t.id = l.ticket_type_id
  )
  SELECT event_id, pg_notify('line', event_id::text) FROM (SELECT DISTINCT event_id FROM left_line) e`;

/**
 * Purpose  what became of a request
 * $1 request id   $2 the user who asks: nobody else's request is found
 */
export const FIND_REQUEST = `
  SELECT id, event_id, tier, place, quantity, status, reason FROM ticket_requests WHERE id = $1 AND user_id = $2`;

/**
 * Purpose  a buyer's requests, the newest first
 * $1 user id   $2, $3 created_at and id of the last one seen (null from the start)   $4 how many
 */
export const LIST_REQUESTS = `
  SELECT id, event_id, tier, place, quantity, status, reason, created_at, created_at::text AS sort_time FROM ticket_requests
   WHERE user_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
   ORDER BY created_at DESC, id DESC LIMIT $4`;
