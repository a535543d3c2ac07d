import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ACCESS, CALLERS, expected, REFUSALS, type Caller } from '../support/access';
import { hashOfTables } from '../support/books';
import { problemIn } from '../support/problems';
import { ROUTES, validCall, type Route } from '../support/routes';
import { setScene, type Scene } from '../support/scene';
import { servedRoutes } from '../support/served-routes';
import type { Person } from '../support/tixline';

const WEB_CLIENT = join(__dirname, '../../web/dist');

type Beside = readonly [RegExp, 'everyone' | 'admin'];

/** The web client's, where it has been built. */
const PAGES: readonly Beside[] = existsSync(WEB_CLIENT)
  ? [
      [/^GET \/$/, 'everyone'],
      [/^GET \/?\*$/, 'everyone'],
    ]
  : [];

/** Served beside what the document lists, and whom each is for. The files of the web client are told by their being there. */
const BESIDE_THE_DOCUMENT: readonly Beside[] = [
  ...PAGES,
  // Open on a development machine; with METRICS_TOKEN, and in production, see closed-in-production.
  [/^GET \/metrics$/, 'everyone'],
  [/^GET \/docs(-json|-yaml)?$/, 'everyone'],
  [
    /^GET \/docs\/($|\*$|index\.html$|swagger-ui|docs\/swagger-ui-init|favicon|oauth2|LICENSE|NOTICE|README|package\.json|absolute)/,
    'everyone',
  ],
  [/^(GET|POST|PUT|PATCH|DELETE) \/admin\/queues(\/|$)/, 'admin'],
];

const byId = new Map(ROUTES.map((route) => [route.operationId, route]));
const inTurn = Object.keys(ACCESS).map((id) => [id, byId.get(id)!] as const);

describe('who gets what from which route', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await setScene();
  });
  afterAll(() => scene.tixline.stop());

  const call = (route: Route, caller: Caller) => {
    const { url, body } = validCall(route, scene);
    const as: Person | undefined = caller === 'anonymous' ? undefined : scene[caller];
    // One account for each who registers.
    const given = body && 'email' in body ? { ...body, email: `${caller}@register.example.org` } : body;
    return scene.tixline.app.inject({
      method: route.method,
      url,
      headers: { ...(as && { authorization: `Bearer ${as.token}` }) },
      ...(given && { payload: given }),
    });
  };

  it('every route of the document has a row, and every row a route', () => {
    expect(ROUTES.map(({ operationId }) => operationId).toSorted()).toEqual(Object.keys(ACCESS).toSorted());
  });

  it('the document lists every route that is served, but for a few that are named', () => {
    const served = servedRoutes(scene.tixline.app.getHttpAdapter().getInstance())
      .filter((route) => !/^(HEAD|OPTIONS) /.test(route))
      .filter((route) => !existsSync(join(WEB_CLIENT, route.slice('GET /'.length) || '-')));
    const documented = ROUTES.map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
    const named = (route: string) => BESIDE_THE_DOCUMENT.some(([pattern]) => pattern.test(route));
    expect(served.filter((route) => !named(route)).toSorted()).toEqual(documented.toSorted());
    for (const [pattern] of BESIDE_THE_DOCUMENT)
      expect([pattern, served.some((route) => pattern.test(route))]).toEqual([pattern, true]);
  });

  it('what is beside the document and not for everyone is refused on every one of its routes', async () => {
    const admins = servedRoutes(scene.tixline.app.getHttpAdapter().getInstance()).filter((route) =>
      BESIDE_THE_DOCUMENT.some(([pattern, access]) => access === 'admin' && pattern.test(route)),
    );
    expect(admins.length).toBeGreaterThan(10);
    for (const route of admins) {
      const [method, path] = route.split(' ') as ['GET', string];
      // The router prints a wildcard without the folder before it, which is where the board keeps its files.
      const url = path.replaceAll(/:\w+/g, 'x').replace('*', 'static/x');
      for (const caller of ['anonymous', 'buyer', 'staff', 'organizer'] as const) {
        const headers = caller === 'anonymous' ? {} : { authorization: `Bearer ${scene[caller].token}` };
        const { statusCode } = await scene.tixline.app.inject({ method, url, headers });
        expect([route, caller, statusCode]).toEqual([route, caller, 401]);
      }
    }
  });

  it.each(inTurn)('%s: refused to whom it is not for, and nothing changes', async (id, route) => {
    const before = await hashOfTables(scene.tixline);
    for (const caller of CALLERS) {
      const status = expected(id, caller);
      if (!REFUSALS.includes(status)) continue;
      expect([caller, problemIn(await call(route, caller)).status]).toEqual([caller, status]);
    }
    expect(await hashOfTables(scene.tixline)).toBe(before);
  });

  it.each(inTurn)('%s: taken from whom it is for', async (id, route) => {
    for (const caller of CALLERS) {
      const status = expected(id, caller);
      if (REFUSALS.includes(status)) continue;
      const { statusCode } = await call(route, caller);
      expect([caller, statusCode]).toEqual([caller, status]);
    }
  });
});
