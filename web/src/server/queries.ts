import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query';
import * as api from '../api';
import type { Standing } from './model';

/** Every key of the cache. Whoever invalidates or writes uses these and no other. */
export const keys = {
  events: ['events'] as const,
  event: (id: number) => ['event', id] as const,
  availability: (id: number) => ['event', id, 'availability'] as const,
  line: (id: number) => ['event', id, 'line'] as const,
  ownEvents: ['mine', 'events'] as const,
  ownEvent: (id: number) => ['mine', 'event', id] as const,
  standing: (requestId: string) => ['mine', 'standing', requestId] as const,
  requests: ['mine', 'requests'] as const,
  orders: ['mine', 'orders'] as const,
  order: (id: string) => ['mine', 'order', id] as const,
  qr: (ticketId: string) => ['mine', 'qr', ticketId] as const,
};

/** The events whose name, place or code holds `search`; all for an empty one. */
export const eventsQuery = (search: string) =>
  queryOptions({
    queryKey: [...keys.events, search],
    queryFn: async ({ signal }) =>
      (await api.listEvents({ query: search === '' ? {} : { q: search }, signal })).data,
    staleTime: 10_000,
  });

/** One event with all that is known of it. */
export const eventQuery = (id: number) =>
  queryOptions({
    queryKey: keys.event(id),
    queryFn: async ({ signal }) => (await api.getEvent({ path: { id }, signal })).data,
    staleTime: 30_000,
  });

/** What is left of an event now. */
export const availabilityQuery = (id: number) =>
  queryOptions({
    queryKey: keys.availability(id),
    queryFn: async ({ signal }) => (await api.getAvailability({ query: { event_id: id }, signal })).data,
  });

/** The public numbers of an event's line. */
export const lineQuery = (id: number) =>
  queryOptions({
    queryKey: keys.line(id),
    queryFn: async ({ signal }) => (await api.getLine({ path: { id }, signal })).data,
  });

/** The events of an organiser, drafts too; all events for an admin. */
export const ownEventsQuery = () =>
  queryOptions({
    queryKey: keys.ownEvents,
    queryFn: async ({ signal }) => (await api.listMyEvents({ signal })).data,
  });

/** One event of one's own with all that may be changed. */
export const ownEventQuery = (id: number) =>
  queryOptions({
    queryKey: keys.ownEvent(id),
    queryFn: async ({ signal }) => (await api.getMyEvent({ path: { id }, signal })).data,
  });

/** Where one's own request stands. */
export const standingQuery = (requestId: string) =>
  queryOptions({
    queryKey: keys.standing(requestId),
    queryFn: async ({ signal }) => (await api.getPosition({ query: { request_id: requestId }, signal })).data,
  });

/** One's own requests, newest first. */
export const requestsQuery = () =>
  queryOptions({
    queryKey: keys.requests,
    queryFn: async ({ signal }) => (await api.listMyRequests({ query: { limit: 100 }, signal })).data.items,
  });

/** One's own orders with their tickets, newest first, in pages. */
export const ordersQuery = () =>
  infiniteQueryOptions({
    queryKey: keys.orders,
    queryFn: async ({ signal, pageParam }) => {
      const query = pageParam === null ? { limit: 20 } : { limit: 20, cursor: pageParam };
      return (await api.listOrders({ query, signal })).data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });

/** One's own newest orders in one go, to reckon with: more than anybody holds of an event that still sells. */
export const newestOrdersQuery = () =>
  queryOptions({
    queryKey: [...keys.orders, 'newest'],
    queryFn: async ({ signal }) => (await api.listOrders({ query: { limit: 100 }, signal })).data.items,
    staleTime: 5_000,
  });

/** The QR code of a ticket as SVG text. Renewed when the page comes back into sight, at most every few minutes. */
export const qrQuery = (ticketId: string) =>
  queryOptions({
    queryKey: keys.qr(ticketId),
    queryFn: async ({ signal }) => {
      const { data } = await api.getTicketQr({ path: { id: ticketId }, parseAs: 'text', signal });
      // Generated as a file; read as text it is a string.
      return data as unknown as string;
    },
    staleTime: 5 * 60_000,
  });

/** One of one's own orders. */
export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: keys.order(id),
    queryFn: async ({ signal }) => (await api.getOrder({ path: { id }, signal })).data,
  });

/** Puts a position that came by another way than the query (stream, answer to a cancel) where the page looks. */
export function keepStanding(cache: QueryClient, standing: Standing): void {
  cache.setQueryData(keys.standing(standing.request_id), standing);
}

/** Forgets everything that belongs to one person. */
export function forgetMine(cache: QueryClient): void {
  cache.removeQueries({ queryKey: ['mine'] });
  void cache.invalidateQueries({ queryKey: keys.events });
}
