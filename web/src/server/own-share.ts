import { useQuery } from '@tanstack/react-query';
import type { MyRequest, Order, Standing } from './model';
import { newestOrdersQuery, requestsQuery } from './queries';

/** What one person has of an event already. */
export interface OwnShare {
  /** Tickets held, used ones too. */
  readonly held: number;
  /** Requests that still wait. */
  readonly waiting: readonly MyRequest[];
}

/** The caller's share of an event; `undefined` while it is not known, and for somebody who is not signed in. */
export function useOwnShare(eventId: number | undefined, signedIn = true): OwnShare | undefined {
  const enabled = signedIn && eventId !== undefined;
  const orders = useQuery({ ...newestOrdersQuery(), enabled });
  const requests = useQuery({ ...requestsQuery(), enabled });
  if (!enabled || orders.data === undefined || requests.data === undefined) return undefined;
  const mine = (order: Order) => order.event.id === eventId && order.status === 'confirmed';
  return {
    held: seats(orders.data.filter(mine)),
    waiting: requests.data.filter((request) => request.event_id === eventId && request.status === 'queued'),
  };
}

/** Tickets of some orders or requests together. */
export const seats = (those: readonly { quantity: number }[]): number =>
  those.reduce((sum, { quantity }) => sum + quantity, 0);

/** How many more one person may ask for; never below 0. */
export const roomLeft = (most: number, share: OwnShare | undefined): number =>
  share === undefined ? most : Math.max(0, most - share.held - seats(share.waiting));

/** Those of one's own requests for an event that are served before this one: VIPs before Regulars, then by place. */
export const ownAhead = (standing: Standing, { waiting }: OwnShare): MyRequest[] =>
  waiting.filter(
    ({ request_id: id, ticket_type: tier, place }) =>
      id !== standing.request_id && (tier === standing.ticket_type ? place < standing.place : tier === 'VIP'),
  );
