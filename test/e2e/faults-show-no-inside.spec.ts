import { QueryFailedError } from 'typeorm';
import { ACCESS, CALLERS, expected } from '../support/access';
import { ROUTES, validCall } from '../support/routes';
import { setScene, type Scene } from '../support/scene';

const SQL = 'SELECT password_hash FROM users WHERE email = $1';

/** What breaks may look like: a driver's error with its statement, TypeORM's, ours with a path. */
const FAULTS: Record<string, () => Error> = {
  'an error of PostgreSQL': () =>
    Object.assign(new Error('syntax error at or near "FORM" in relation "users"'), {
      code: '42601',
      detail: `Failing statement: ${SQL}`,
      table: 'users',
      where: 'PL/pgSQL function inside()',
    }),
  'an error of TypeORM': () =>
    new QueryFailedError(SQL, ['ada@example.org'], new Error('QueryFailed inside')),
  'a defect': () => new TypeError(`Cannot read properties of undefined (reading '/app/dist/inside.js')`),
  'an error that says it is for the client': () =>
    Object.assign(new Error(`ENOENT: ${SQL} /app/dist/inside.js`), { statusCode: 500, expose: true }),
};

describe('a fault of ours', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await setScene();
  });
  afterAll(() => scene.tixline.stop());

  it.each(Object.keys(FAULTS))('%s: 500 without our inside, from every route that meets it', async (name) => {
    const { tixline } = scene;
    const { query, transaction, repository } = tixline.database;
    const fail = () => Promise.reject(FAULTS[name]!());
    const broken = { findOne: fail, find: fail, save: fail, update: fail };
    const met: string[] = [];
    // A stream that has begun stays open; it begins as getTicketRequest answers.
    for (const route of ROUTES.filter(({ operationId }) => operationId !== 'watchTicketRequest')) {
      const caller = CALLERS.find((who) => (expected(route.operationId, who) ?? 500) < 400);
      const { url, body } = validCall(route, scene);
      const as = caller === undefined || caller === 'anonymous' ? undefined : scene[caller];
      Object.assign(tixline.database, { query: fail, transaction: fail, repository: () => broken });
      const answer = await tixline.app.inject({
        method: route.method,
        url,
        headers: { cookie: 'tixline_refresh=x', ...(as && { authorization: `Bearer ${as.token}` }) },
        ...(body && { payload: body }),
      });
      Object.assign(tixline.database, { query, transaction, repository });
      if (answer.statusCode < 500) continue;
      met.push(route.operationId);
      // Whether the process is ready is asked of the database, and a fault there is an answer.
      const status = route.operationId === 'getReady' ? 503 : 500;
      expect([route.operationId, answer.statusCode]).toEqual([route.operationId, status]);
      expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      expect(answer.json()).toMatchObject({
        status,
        request_id: expect.stringMatching(/^[\w-]+$/),
        errors: [],
      });
      expect(answer.body).not.toMatch(
        /inside|SELECT|syntax|relation|users|\bat \S+:\d|node_modules|dist|ENOENT|Cannot read/,
      );
    }
    // Those without a query answer from memory.
    expect(met.length).toBeGreaterThan(Object.keys(ACCESS).length / 2);
  });
});
