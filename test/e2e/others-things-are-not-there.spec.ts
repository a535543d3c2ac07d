import { expected } from '../support/access';
import { hashOfTables } from '../support/books';
import { headerOf, seconds, tokenOf } from '../support/forge';
import { problemIn } from '../support/problems';
import { ROUTES, validCall, type Route } from '../support/routes';
import { setScene, type Scene } from '../support/scene';
import type { Person } from '../support/tixline';

const OTHERS = ['stranger', 'staff', 'organizer', 'otherOrganizer', 'admin'] as const;

/** Routes of the access table that somebody may call and somebody may not. */
const CLOSED = ROUTES.filter(({ operationId }) => expected(operationId, 'anonymous') === 401)
  .filter(({ body }) => !(body?.properties && 'password' in body.properties))
  .filter(({ operationId }) => operationId !== 'refresh')
  .map((route) => [route.operationId, route] as const);

/** Routes of a thing that is one buyer's, or one organiser's: to all others of their role it is not there. */
const OF_ONE = ROUTES.flatMap((route) =>
  (['stranger', 'otherOrganizer'] as const)
    .filter((who) => expected(route.operationId, who) === 404)
    .map((who) => [route.operationId, who, route] as const),
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

  it.each(CLOSED)('%s: without a valid token 401, and nothing changes', async (_, route) => {
    const { keys } = scene.tixline.config;
    const expired = tokenOf(
      headerOf(keys.access, 'at+jwt'),
      { role: 'admin', sub: String(scene.admin.id), iss: 'tixline', aud: 'tixline-api', exp: seconds(-1) },
      keys.access.signing.key,
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

  it.each(OF_ONE)('%s: %s cannot tell another’s thing from one that is not there', async (_, who, route) => {
    const { waitingId, orderId, ticketId, eventId } = scene;
    const { url } = validCall(route, scene);
    const id = [waitingId, orderId, ticketId].find((each) => url.includes(each));
    const absent =
      id === undefined ? url.replace(`/${eventId}`, '/16777215') : url.replace(id, elsewhere(id));
    expect(absent).not.toBe(url);
    const answers = await Promise.all([call(route, scene[who]), call(route, scene[who], absent)]);
    const [there, notThere] = answers.map((answer) => {
      expect(problemIn(answer)).toEqual({ status: 404, code: 'not-found' });
      const { instance: _instance, request_id: _requestId, ...rest } = answer.json<Record<string, unknown>>();
      const headers = Object.keys(answer.headers).toSorted();
      return { ...rest, headers };
    });
    expect(there).toEqual(notThere);
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
      for (const who of OTHERS) expect(await items(scene[who])).toBe(0);
    }
  });
});

/** An id like this one, of a place that was never given out. */
const elsewhere = (id: string): string => id.slice(0, 9) + 'ffff' + id.slice(13);
