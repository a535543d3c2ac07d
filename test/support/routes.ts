import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scene } from './scene';
import type { Person } from './tixline';

export interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly nullable?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly $ref?: string;
}

export interface Route {
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** What the route's body may hold; undefined when it takes none. */
  readonly body: Schema | undefined;
  readonly query: readonly { readonly name: string; readonly schema: Schema }[];
  /** Whether it is for people who are signed in. */
  readonly closed: boolean;
  /** Every status that the document says it answers with. */
  readonly statuses: readonly number[];
}

/** A call of a route that would be taken. */
export interface Valid {
  readonly as?: Person;
  readonly url: string;
  readonly body?: Record<string, unknown>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

interface Operation {
  operationId: string;
  requestBody?: { content: Record<string, { schema: Schema }> };
  parameters?: { name: string; in: string; schema: Schema }[];
  security?: object[];
  responses: Record<string, object>;
}

const document = JSON.parse(readFileSync(join(__dirname, '../../openapi.json'), 'utf8')) as Document;

/** Every route of the published document. */
export const ROUTES: readonly Route[] = Object.entries(document.paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(
    ([method, { operationId, requestBody, parameters = [], security, responses }]) => ({
      operationId,
      method: method.toUpperCase() as Route['method'],
      path,
      body: requestBody && resolve(requestBody.content['application/json']!.schema),
      query: parameters.filter((parameter) => parameter.in === 'query'),
      closed: security !== undefined,
      statuses: Object.keys(responses).map(Number),
    }),
  ),
);

function resolve({ $ref, ...schema }: Schema): Schema {
  return $ref === undefined ? schema : document.components.schemas[$ref.split('/').at(-1)!]!;
}

const ticketTypes = [{ name: 'Regular', tier: 'Regular', capacity: 5 }];

/** How to call each route so that it would be taken. A route that is missing here fails every test that walks them. */
const VALID: Record<string, (scene: Scene) => Omit<Valid, 'url'> & { readonly query?: string }> = {
  register: () => ({ body: { name: 'Eve', email: 'eve@example.org', password: 'long enough' } }),
  login: () => ({ body: { email: 'nobody@example.org', password: 'long enough' } }),
  refresh: () => ({}),
  logout: () => ({}),
  getMe: ({ buyer }) => ({ as: buyer }),
  exportMyData: ({ buyer }) => ({ as: buyer }),
  eraseMe: ({ buyer }) => ({ as: buyer, body: { password: 'long enough' } }),
  listEvents: () => ({}),
  createEvent: ({ organizer }) => ({
    as: organizer,
    body: { name: 'New', starts_at: '2027-05-01T18:00:00Z', ticket_types: ticketTypes },
  }),
  listMyEvents: ({ organizer }) => ({ as: organizer }),
  getMyEvent: ({ organizer }) => ({ as: organizer }),
  getEvent: () => ({}),
  updateEvent: ({ organizer }) => ({ as: organizer, body: { name: 'Changed' } }),
  updateTicketType: ({ organizer }) => ({ as: organizer, body: { name: 'Changed' } }),
  openEvent: ({ organizer }) => ({ as: organizer }),
  closeEvent: ({ organizer }) => ({ as: organizer }),
  getAvailability: ({ eventId }) => ({ query: `event_id=${eventId}` }),
  getLine: () => ({}),
  steerLine: ({ organizer }) => ({ as: organizer, body: { paused: true } }),
  requestTickets: ({ buyer, eventId }) => ({
    as: buyer,
    body: { event_id: eventId, ticket_type: 'Regular', quantity: 1 },
  }),
  listMyRequests: ({ buyer }) => ({ as: buyer }),
  getPosition: ({ buyer, waitingId }) => ({ as: buyer, query: `request_id=${waitingId}` }),
  getTicketRequest: ({ buyer }) => ({ as: buyer }),
  cancelTicketRequest: ({ buyer }) => ({ as: buyer }),
  watchTicketRequest: ({ buyer }) => ({ as: buyer }),
  listOrders: ({ buyer }) => ({ as: buyer }),
  getOrder: ({ buyer }) => ({ as: buyer }),
  cancelOrder: ({ buyer }) => ({ as: buyer }),
  getTicketQr: ({ buyer }) => ({ as: buyer }),
  verifyTicket: ({ staff }) => ({ as: staff }),
  checkInTicket: ({ staff }) => ({ as: staff }),
  getLive: () => ({}),
  getReady: () => ({}),
  verify: ({ admin }) => ({ as: admin }),
};

/** The route's address with its parameters filled in. */
export function addressOf({ path }: Route, scene: Scene, given: Record<string, string> = {}): string {
  const id = path.startsWith('/api/events')
    ? String(scene.eventId)
    : path.startsWith('/api/orders')
      ? scene.orderId
      : path.startsWith('/api/tickets')
        ? scene.ticketId
        : scene.waitingId;
  const values: Record<string, string> = { id, tid: String(scene.typeId), token: scene.qrToken, ...given };
  return path.replace(/\{(\w+)\}/g, (_, name: string) => values[name]!);
}

/** A call of this route that would be taken. Throws for a route nobody has told about: tell `VALID`. */
export function validCall(route: Route, scene: Scene): Valid {
  const make = VALID[route.operationId];
  if (make === undefined)
    throw new Error(`test/support/routes.ts does not know how to call ${route.operationId}`);
  const { query, ...call } = make(scene);
  return { ...call, url: addressOf(route, scene) + (query ? `?${query}` : '') };
}
