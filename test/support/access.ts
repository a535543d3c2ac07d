/** Who asks, in the order of the table's columns. `buyer` owns the request, the order and the ticket of the scene. */
export const CALLERS = [
  'anonymous',
  'stranger',
  'buyer',
  'staff',
  'otherOrganizer',
  'organizer',
  'admin',
] as const;
export type Caller = (typeof CALLERS)[number];

type Row = readonly [number, number, number, number, number, number, number];

const to = (status: number): Row => [status, status, status, status, status, status, status];
const signedIn = (status: number): Row => [401, status, status, status, status, status, status];
const theBuyer: Row = [401, 404, 200, 404, 404, 404, 404];
const organisers = (status: number): Row => [401, 403, 403, 403, status, status, status];
const theOrganiser: Row = [401, 403, 403, 403, 404, 200, 200];
const theDoor: Row = [401, 403, 403, 200, 403, 403, 200];

/**
 * What each caller gets from each route, called so that its owner would be taken (test/support/routes.ts). Every route of
 * the document has a row: a new one without it fails, and so does a row without a route. In the order in which they are
 * called: what ends something comes after what needs it.
 */
export const ACCESS: Readonly<Record<string, Row>> = {
  getLive: to(200),
  getReady: to(200),
  register: to(201),
  login: to(401), // Nobody has this password.
  refresh: to(401), // Nobody sends a cookie.
  logout: to(204),
  listEvents: to(200),
  getEvent: to(200),
  getAvailability: to(200),
  getLine: to(200),
  getMe: signedIn(200),
  exportMyData: signedIn(200),
  eraseMe: signedIn(422), // Nobody has this password.
  requestTickets: signedIn(202),
  listMyRequests: signedIn(200),
  getPosition: theBuyer,
  getTicketRequest: theBuyer,
  cancelTicketRequest: theBuyer,
  watchTicketRequest: theBuyer,
  listOrders: signedIn(200),
  getOrder: theBuyer,
  getTicketQr: theBuyer,
  cancelOrder: theBuyer,
  verifyTicket: theDoor,
  checkInTicket: theDoor,
  createEvent: organisers(201),
  listMyEvents: organisers(200),
  getMyEvent: theOrganiser,
  updateEvent: theOrganiser,
  updateTicketType: theOrganiser,
  steerLine: theOrganiser,
  // The second finds it closed, or open, already.
  closeEvent: [401, 403, 403, 403, 404, 200, 409],
  openEvent: [401, 403, 403, 403, 404, 200, 409],
  verify: [401, 403, 403, 403, 403, 403, 200],
};

/** What this caller gets from this route. */
export function expected(operationId: string, caller: Caller): number | undefined {
  return ACCESS[operationId]?.[CALLERS.indexOf(caller)];
}

/** Refused for who asks, and not for what: what was refused so has changed nothing. */
export const REFUSALS: readonly (number | undefined)[] = [401, 403, 404];
