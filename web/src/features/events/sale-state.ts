import type { TicketedEvent, TicketType } from '../../server/model';

/** How the sale of an event stands, seen from somebody who wants a ticket. */
export type SaleState = 'draft' | 'opens' | 'open' | 'few' | 'sold_out' | 'closed' | 'over' | 'cancelled';

const FEW_SHARE = 0.1;

type Seats = Pick<TicketType, 'capacity' | 'remaining'>;

/** Seats and seats left of all types together. */
export function seatsOf(types: readonly Seats[]): Seats {
  return {
    capacity: types.reduce((sum, type) => sum + type.capacity, 0),
    remaining: types.reduce((sum, type) => sum + type.remaining, 0),
  };
}

/** When the sale opens, in milliseconds; 0 when it says nothing. */
export const opensAt = (event: Pick<TicketedEvent, 'sale_opens_at'>): number =>
  event.sale_opens_at ? Date.parse(event.sale_opens_at) : 0;

/** The state at the moment `now` (server time). `types` may be fresher than those of the event. */
export function saleState(
  event: TicketedEvent,
  now: number,
  types: readonly Seats[] = event.ticket_types,
): SaleState {
  if (event.state === 'cancelled' || event.state === 'draft') return event.state;
  if (event.state === 'completed' || now >= Date.parse(event.ends_at ?? event.starts_at)) return 'over';
  if (event.state === 'closed' || (event.sale_closes_at && now >= Date.parse(event.sale_closes_at)))
    return 'closed';
  const { capacity, remaining } = seatsOf(types);
  if (now < opensAt(event)) return 'opens';
  if (remaining === 0) return 'sold_out';
  return isFew({ capacity, remaining }) ? 'few' : 'open';
}

/** True when a tenth or less is left. */
export const isFew = ({ capacity, remaining }: Seats): boolean =>
  remaining > 0 && remaining <= capacity * FEW_SHARE;

/** True while asking for a ticket makes sense. */
export const isSelling = (state: SaleState): boolean => state === 'open' || state === 'few';
