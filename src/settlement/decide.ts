/**
 * Who of a batch gets tickets: pure, so that it can be tested against any batch. The database has the last word: what is
 * decided here only counts once the conditional update has taken the stock.
 */
import type { EventState } from '../events/index';
import type { RefusalReason } from '../shared/refusal';

/** A queued request as the settlement sees it, in the order of the line. */
export interface Waiting {
  readonly ticketTypeId: number;
  readonly quantity: number;
  /** The buyer: their user, and so their normalised e-mail. */
  readonly buyer: number;
  /** Tickets of this event that the buyer held before the batch. */
  readonly held: number;
}

/** `null`: granted. */
export type Outcome = RefusalReason | null;

export interface Rules {
  readonly state: EventState;
  readonly maxPerBuyer: number;
  /** Seats left by ticket type; a type that is not named is taken to have enough. */
  readonly shelf?: ReadonlyMap<number, number>;
}

/**
 * Decides a batch in its order, greedily: a request that fits is granted whole, one that does not is refused with the
 * reason, and a smaller one behind it may still fit. A refusal uses up neither stock nor limit.
 */
export function decide(batch: readonly Waiting[], { state, maxPerBuyer, shelf }: Rules): Outcome[] {
  if (state === 'cancelled') return batch.map(() => 'event_cancelled');
  if (state !== 'open') return batch.map(() => 'sale_closed');
  const held = new Map<number, number>();
  const left = new Map(shelf);
  return batch.map((request) => {
    const { ticketTypeId, quantity, buyer } = request;
    const holds = held.get(buyer) ?? request.held;
    if (holds + quantity > maxPerBuyer) return 'limit_reached';
    const seats = left.get(ticketTypeId);
    if (seats !== undefined && seats < quantity) return 'sold_out';
    if (seats !== undefined) left.set(ticketTypeId, seats - quantity);
    held.set(buyer, holds + quantity);
    return null;
  });
}

/** Seats that a decision takes, by ticket type in ascending order: the order in which their rows are locked. */
export function seatsTaken(batch: readonly Waiting[], outcomes: readonly Outcome[]): Map<number, number> {
  const seats = new Map<number, number>();
  batch.forEach(({ ticketTypeId, quantity }, i) => {
    if (outcomes[i] === null) seats.set(ticketTypeId, (seats.get(ticketTypeId) ?? 0) + quantity);
  });
  return new Map([...seats].sort(([a], [b]) => a - b));
}
