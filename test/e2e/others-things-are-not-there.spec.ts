import { JwtService } from '@nestjs/jwt';
import { hashOfTables } from '../support/books';
import { problemIn } from '../support/problems';
import { ROUTES, validCall, type Route } from '../support/routes';
import { setScene, type Scene } from '../support/scene';
import type { Person } from '../support/tixline';

type Who = 'stranger' | 'staff' | 'organizer' | 'otherOrganizer' | 'admin';

const ALL: readonly Who[] = ['stranger', 'staff', 'organizer', 'otherOrganizer', 'admin'];
const everybody = (status: number) =>
  Object.fromEntries(ALL.map((who) => [who, status])) as Record<Who, number>;

/** What somebody else than the owner gets. 0: theirs to use (their own list, the public's, their role's). */
const mine = everybody(0);
const theBuyers = everybody(404);
const theOrganisers = { stranger: 403, staff: 403, organizer: 0, otherOrganizer: 404, admin: 0 };
const anyOrganisers = { ...theOrganisers, otherOrganizer: 0 };
const theDoors = { stranger: 403, staff: 0, organizer: 403, otherOrganizer: 403, admin: 0 };
const theAdmins = { ...everybody(403), admin: 0 };

/** Every route has a row: a new one without it fails. `public` is open to people without an account. */
const RULES: Record<string, 'public' | Record<Who, number>> = {
  register: 'public',
  login: 'public',
  refresh: 'public',
  logout: 'public',
  listEvents: 'public',
  getEvent: 'public',
  getAvailability: 'public',
  getLine: 'public',
  getLive: 'public',
  getReady: 'public',
  getMe: mine,
  listMyRequests: mine,
  listOrders: mine,
  requestTickets: mine,
  createEvent: anyOrganisers,
  listMyEvents: anyOrganisers,
  getMyEvent: theOrganisers,
  updateEvent: theOrganisers,
  updateTicketType: theOrganisers,
  openEvent: theOrganisers,
  closeEvent: theOrganisers,
  steerLine: theOrganisers,
  getPosition: theBuyers,
  getTicketRequest: theBuyers,
  cancelTicketRequest: theBuyers,
  watchTicketRequest: theBuyers,
  getOrder: theBuyers,
  cancelOrder: theBuyers,
  getTicketQr: theBuyers,
  verifyTicket: theDoors,
  checkInTicket: theDoors,
  verify: theAdmins,
};

const CLOSED = ROUTES.filter(({ operationId }) => RULES[operationId] !== 'public').map(
  (route) => [route.operationId, route] as const,
);

describe('what is not yours is not there', () => {
  let scene: Scene;
  let before: string;
  beforeAll(async () => {
    scene = await setScene();
    before = await hashOfTables(scene.tixline);
  });
  afterAll(() => scene.tixline.stop());

  const call = (route: Route, as?: Person, url = validCall(route, scene).url) => {
    const { body } = validCall(route, scene);
    return scene.tixline.app.inject({
      method: route.method,
      url,
      headers: { ...(as && { authorization: `Bearer ${as.token}` }) },
      ...(body && { payload: body }),
    });
  };

  it('every route of the document has a rule, and every rule a route', () => {
    expect(ROUTES.map(({ operationId }) => operationId).toSorted()).toEqual(Object.keys(RULES).toSorted());
  });

  it.each(CLOSED)(
    '%s: whom it is not for gets 404 or 403, and nothing changes',
    async (operationId, route) => {
      const rule = RULES[operationId] as Record<Who, number>;
      for (const who of ALL) {
        if (rule[who] === 0) continue;
        expect([who, problemIn(await call(route, scene[who])).status]).toEqual([who, rule[who]]);
      }
      expect(await hashOfTables(scene.tixline)).toBe(before);
    },
  );

  it.each(CLOSED)('%s: without a valid token 401, and nothing changes', async (_, route) => {
    const { keys } = scene.tixline.config;
    const expired = new JwtService({ secretOrKeyProvider: () => keys.access }).sign(
      { role: 'admin' },
      {
        algorithm: 'HS256',
        header: { alg: 'HS256', typ: 'at+jwt' },
        subject: String(scene.admin.id),
        issuer: 'tixline',
        audience: 'tixline-api',
        expiresIn: -1,
      },
    );
    for (const token of [
      undefined,
      '',
      'x',
      expired,
      scene.qrToken,
      scene.buyer.token + 'x',
      'x'.repeat(1_000_000),
    ]) {
      const as = token === undefined ? undefined : { ...scene.buyer, token };
      expect(problemIn(await call(route, as))).toEqual({ status: 401, code: 'sign-in-required' });
    }
    expect(await hashOfTables(scene.tixline)).toBe(before);
  });

  it('a stranger cannot tell another’s thing from one that is not there', async () => {
    const { waitingId, orderId, ticketId, stranger } = scene;
    const absent = (id: string) => id.slice(0, 9) + 'ffff' + id.slice(13);
    for (const route of ROUTES.filter(({ operationId }) => RULES[operationId] === theBuyers)) {
      const { url } = validCall(route, scene);
      const id = [waitingId, orderId, ticketId].find((each) => url.includes(each))!;
      const answers = await Promise.all([
        call(route, stranger),
        call(route, stranger, url.replace(id, absent(id))),
      ]);
      const [there, notThere] = answers.map((answer) => {
        const { instance: _, request_id: __, ...rest } = answer.json<Record<string, unknown>>();
        return rest;
      });
      expect(there).toEqual(notThere);
    }
  });

  it('a draft is its organiser’s alone', async () => {
    const { draftId, tixline, otherOrganizer, organizer, admin } = scene;
    const seen = async (as?: Person) => {
      const ids = async (url: string) =>
        (await tixline.get(url, { ...(as && { as }) })).json<{ id: number }[]>().map(({ id }) => id);
      return [
        (await ids('/api/events')).includes(draftId),
        as !== undefined && (await ids('/api/events/mine')).includes(draftId),
      ];
    };
    expect(await seen()).toEqual([false, false]);
    expect(await seen(otherOrganizer)).toEqual([false, false]);
    expect(await seen(organizer)).toEqual([false, true]);
    expect(await seen(admin)).toEqual([false, true]);
  });

  it('lists hold one’s own and nobody else’s', async () => {
    for (const url of ['/api/orders', '/api/ticket-requests']) {
      const items = async (as: Person) =>
        (await scene.tixline.get(url, { as })).json<{ items: object[] }>().items.length;
      expect(await items(scene.buyer)).toBeGreaterThan(0);
      for (const who of ALL) expect(await items(scene[who])).toBe(0);
    }
  });
});
