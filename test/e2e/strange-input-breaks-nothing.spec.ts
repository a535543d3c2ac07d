import { hashOfTables } from '../support/books';
import { faultIn, faultsOf } from '../support/judge';
import { addressOf, ROUTES, validCall, type Route } from '../support/routes';
import { setScene, type Scene } from '../support/scene';
import {
  NO_AUTHORIZATION,
  NO_ETAGS,
  NO_KEYS,
  STRANGE_HEADERS,
  STRANGE_JSON,
  STRANGE_WORDS,
} from '../support/strange-values';

const named = (routes: readonly Route[]) => routes.map((route) => [route.operationId, route] as const);
const WITH_BODY = ROUTES.filter(({ body }) => body !== undefined);
/** A stream that is accepted does not end. */
const READING = ROUTES.filter(({ method, path }) => method === 'GET' && !path.endsWith('/events'));

describe('strange input', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await setScene();
  });
  afterAll(() => scene.tixline.stop());

  const send = (
    { method }: Pick<Route, 'method'>,
    url: string,
    headers: Record<string, string> = {},
    payload?: string,
  ) =>
    scene.tixline.app.inject({
      method,
      url,
      headers: { ...(payload !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(payload !== undefined && { payload }),
    });
  const tokenOf = (route: Route): Record<string, string> => {
    const { as } = validCall(route, scene);
    return as === undefined ? {} : { authorization: `Bearer ${as.token}` };
  };

  describe('that no route may act on', () => {
    let before: string;
    beforeEach(async () => {
      before = await hashOfTables(scene.tixline);
    });
    afterEach(async () => expect(await hashOfTables(scene.tixline)).toBe(before));

    it.each(named(ROUTES.filter(({ closed }) => closed)))('%s: no token of ours', async (_, route) => {
      const { url, body } = validCall(route, scene);
      const ask = (authorization: string) =>
        send(route, url, { authorization }, body && JSON.stringify(body));
      for (const header of NO_AUTHORIZATION) expect((await ask(header)).statusCode).toBe(401);
      expect(await faultsOf(route, NO_AUTHORIZATION, ask)).toEqual([]);
    });

    it.each(named(READING))('%s: headers that mean something elsewhere', async (_, route) => {
      const { url } = validCall(route, scene);
      const plain = await send(route, url, tokenOf(route));
      const wrong: string[] = [];
      for (const [name, value] of STRANGE_HEADERS) {
        const ask = () => send(route, url, { ...tokenOf(route), [name]: value });
        const fault = await faultIn(route, ask, [304]);
        if (fault !== undefined) wrong.push(`${name}: ${value.slice(0, 60)} → ${fault}`);
        const { statusCode, headers } = await ask();
        if (
          ![plain.statusCode, 304].includes(statusCode) ||
          headers['content-type'] !== plain.headers['content-type']
        )
          wrong.push(`${name}: ${value.slice(0, 60)} → ${statusCode} ${headers['content-type']}`);
      }
      expect(wrong).toEqual([]);
    });

    it.each(named(ROUTES.filter(({ method, closed }) => method !== 'GET' && closed)))(
      '%s without a token: headers that mean something elsewhere',
      async (_, route) => {
        const { url } = validCall(route, scene);
        for (const [name, value] of STRANGE_HEADERS)
          expect([name, value, (await send(route, url, { [name]: value })).statusCode]).toEqual([
            name,
            value,
            401,
          ]);
      },
    );

    it.each(named(ROUTES))(
      '%s by methods that it does not take: 405 and which it takes',
      async (_, route) => {
        const { url } = validCall(route, scene);
        const taken = ROUTES.filter(({ path }) => path === route.path).map(({ method }) => method);
        const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const;
        for (const method of methods) {
          if (taken.includes(method as never) || (method === 'HEAD' && taken.includes('GET'))) continue;
          // That address is one of :id too.
          if (['/api/events/mine', '/api/events/mine/{id}'].includes(route.path) && method === 'PATCH')
            continue;
          const answer = await scene.tixline.app.inject({ method, url, headers: tokenOf(route) });
          expect([method, answer.statusCode]).toEqual([method, 405]);
          expect(String(answer.headers.allow).split(', ')).toEqual(expect.arrayContaining(taken));
        }
      },
    );

    it.each(named(READING))('HEAD of %s is its GET without the body', async (_, route) => {
      const { url } = validCall(route, scene);
      const head = await scene.tixline.app.inject({ method: 'HEAD', url, headers: tokenOf(route) });
      expect([head.statusCode, head.body]).toEqual([200, '']);
    });

    it.each(named(ROUTES.filter(({ path }) => path.includes('{'))))('%s: in the path', async (_, route) => {
      const { body } = validCall(route, scene);
      const wrong: string[] = [];
      for (const name of ['id', 'tid', 'token'].filter((each) => route.path.includes(`{${each}}`))) {
        const ask = (word: string) =>
          send(
            route,
            addressOf(route, scene, { [name]: word }),
            tokenOf(route),
            body && JSON.stringify(body),
          );
        // A word with a slash, a question mark or nothing in it is the address of something else, or of nothing.
        const words = STRANGE_WORDS.filter(
          (word) => !(name === 'tid' || route.path.startsWith('/api/events')) || word !== '1',
        );
        wrong.push(...(await faultsOf(route, words, ask, [404, 405])));
      }
      expect(wrong).toEqual([]);
    });

    it.each(named(READING))('%s: in the query, known and unknown', async (_, route) => {
      const path = addressOf(route, scene);
      const wrong: string[] = [];
      for (const { name } of route.query) {
        const ask = (word: string) => send(route, `${path}?${name}=${word}`, tokenOf(route));
        wrong.push(...(await faultsOf(route, STRANGE_WORDS, ask)));
      }
      const many = Array.from({ length: 10_000 }, (__, i) => `a${i}=1`).join('&');
      const twice = route.query.map(({ name }) => `${name}=1&${name}=2`).join('&');
      const ask = (query: string) => send(route, `${path}?${query}`, tokenOf(route));
      wrong.push(
        ...(await faultsOf(
          route,
          [
            many,
            twice,
            'id=1&id=2',
            '__proto__[role]=admin',
            'constructor=x',
            'role=admin',
            'id[]=1',
            '%00=%00',
            '&&&',
            '=',
            '?',
          ],
          ask,
        )),
      );
      expect(wrong).toEqual([]);
    });

    it('as Idempotency-Key: 400; as If-Match: 412', async () => {
      const of = (id: string) => ROUTES.find(({ operationId }) => operationId === id)!;
      const tried = [
        [of('requestTickets'), 'idempotency-key', NO_KEYS, 400],
        ...['updateEvent', 'updateTicketType', 'openEvent', 'closeEvent'].map(
          (id) => [of(id), 'if-match', NO_ETAGS, 412] as const,
        ),
      ] as const;
      for (const [route, name, values, wanted] of tried) {
        const { url, body } = validCall(route, scene);
        const ask = (value: string) =>
          send(route, url, { ...tokenOf(route), [name]: value }, body && JSON.stringify(body));
        for (const value of values)
          expect([route.operationId, value, (await ask(value)).statusCode]).toEqual([
            route.operationId,
            value,
            wanted,
          ]);
        expect(await faultsOf(route, values, ask)).toEqual([]);
      }
    });
  });

  it.each(named(WITH_BODY))(
    'in the body of %s is refused in words, or kept as it was sent',
    async (_, route) => {
      const { url, body: valid = {} } = validCall(route, scene);
      // A ticket type is answered as a part of its event.
      const changed = (answer: Record<string, unknown>) =>
        route.operationId === 'updateTicketType'
          ? (answer.ticket_types as { id: number }[]).find(({ id }) => id === scene.typeId)!
          : answer;
      const wrong: string[] = [];
      for (const name of Object.keys(route.body!.properties ?? {})) {
        for (const value of STRANGE_JSON) {
          const members = Object.entries(valid).filter(([member]) => member !== name);
          const others = members.map(
            ([member, known]) => `${JSON.stringify(member)}:${JSON.stringify(known)},`,
          );
          const body = `{${others.join('')}${JSON.stringify(name)}:${value}}`;
          const shown = `${name}: ${value.slice(0, 60)}`;
          let last: Awaited<ReturnType<typeof send>> | undefined;
          const fault = await faultIn(
            route,
            async () => (last = await send(route, url, tokenOf(route), body)),
          );
          if (fault !== undefined) wrong.push(`${shown} → ${fault}`);
          else if (last!.statusCode < 300 && !keeps(changed(last!.json()), name, value))
            wrong.push(`${shown} → became another`);
        }
      }
      expect(wrong).toEqual([]);
    },
    60_000,
  );
});

/** Whether an answer has a text as it was sent; a time may change its zone. */
function keeps(answer: object, name: string, value: string): boolean {
  const sent: unknown = JSON.parse(value);
  const got = (answer as Record<string, unknown>)[name];
  if (typeof sent !== 'string' || typeof got !== 'string') return true;
  if (name.endsWith('_at')) return Date.parse(sent) === Date.parse(got);
  return got === sent;
}
