import { gzipSync } from 'node:zlib';
import { badValuesFor, NO_IDS, NO_OBJECTS, NOT_TIMES, UNKNOWN_FIELDS } from '../support/bad-values';
import { hashOfTables } from '../support/books';
import { problemIn } from '../support/problems';
import { addressOf, ROUTES, validCall, type Route } from '../support/routes';
import { setScene, type Scene } from '../support/scene';
import type { Person } from '../support/tixline';

const WITH_BODY = ROUTES.filter(({ body }) => body !== undefined).map(
  (route) => [route.operationId, route] as const,
);
const WITH_ID = ROUTES.filter(({ path }) => /\{id\}|\{tid\}/.test(path)).map(
  (route) => [route.operationId, route] as const,
);
const WITH_QUERY = ROUTES.filter(({ query }) => query.length > 0).map(
  (route) => [route.operationId, route] as const,
);

describe('bad input is refused in words and changes nothing', () => {
  let scene: Scene;
  let before: string;
  beforeAll(async () => {
    scene = await setScene();
  });
  afterAll(() => scene.tixline.stop());
  beforeEach(async () => {
    before = await hashOfTables(scene.tixline);
  });
  afterEach(async () => expect(await hashOfTables(scene.tixline)).toBe(before));

  const send = (
    method: Route['method'],
    url: string,
    as?: Person,
    payload?: string | Buffer,
    type = 'application/json',
  ) =>
    scene.tixline.app.inject({
      method,
      url,
      headers: {
        ...(as && { authorization: `Bearer ${as.token}` }),
        ...(payload !== undefined && { 'content-type': type }),
      },
      ...(payload !== undefined && { payload }),
    });

  /** Sends each input and answers those that were not refused as wanted, with what came instead. */
  async function notRefused(
    inputs: readonly string[],
    ask: (input: string) => ReturnType<typeof send>,
    ...wanted: number[]
  ): Promise<string[]> {
    const wrong: string[] = [];
    for (const input of inputs) {
      try {
        const { status, code } = problemIn(await ask(input));
        if (!wanted.includes(status)) wrong.push(`${input.slice(0, 80)} → ${status} ${code}`);
      } catch (fault) {
        wrong.push(`${input.slice(0, 80)} → ${(fault as Error).message}`);
      }
    }
    return wrong;
  }

  describe.each(WITH_BODY)('the body of %s', (operationId, route) => {
    const post = (payload: string | Buffer, type?: string) => {
      const { as, url } = validCall(route, scene);
      return send(route.method, url, as, payload, type);
    };
    /** The valid body as JSON with one member more, or another. */
    const bodyWith = (member: string, instead?: string) => {
      const members = Object.entries(validCall(route, scene).body!).filter(([name]) => name !== instead);
      return `{${[...members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`), member].join(',')}}`;
    };
    // Signing in with any text is an attempt to sign in.
    const wanted = operationId === 'login' ? [400, 401] : [400];

    it('with a field of another kind: 400', async () => {
      const { properties = {}, required = [] } = route.body!;
      const wrong: string[] = [];
      for (const [name, schema] of Object.entries(properties)) {
        const members = badValuesFor(name, schema).map((value) => `${JSON.stringify(name)}:${value}`);
        wrong.push(...(await notRefused(members, (member) => post(bodyWith(member, name)), ...wanted)));
      }
      const members = Object.entries(validCall(route, scene).body!);
      const without = required.map((name) =>
        JSON.stringify(Object.fromEntries(members.filter(([key]) => key !== name))),
      );
      wrong.push(...(await notRefused(without, post, 400)));
      expect(wrong).toEqual([]);
    });

    it('with a field twice: the last one counts, and is refused when it is wrong', async () => {
      const [name] = Object.keys(route.body!.properties ?? {});
      const twice = Object.keys(validCall(route, scene).body!).map(
        (member) => `${JSON.stringify(member)}:[{}]`,
      );
      twice.push(`${JSON.stringify(name)}:1e999,${JSON.stringify(name)}:{}`);
      expect(await notRefused(twice, (member) => post(bodyWith(member)), ...wanted)).toEqual([]);
    });

    it('with a million in an array, or ten thousand levels: 413 or 400', async () => {
      const [name] = Object.keys(route.body!.properties ?? {});
      const million = `${JSON.stringify(name)}:[${'0,'.repeat(1_000_000)}0]`;
      const deep = `${JSON.stringify(name)}:${'['.repeat(10_000)}${']'.repeat(10_000)}`;
      expect(await notRefused([million], (member) => post(bodyWith(member, name)), 413)).toEqual([]);
      expect(await notRefused([deep], (member) => post(bodyWith(member, name)), 400)).toEqual([]);
    });

    it('with a field that nobody knows: 400', async () => {
      const known = Object.keys(route.body!.properties ?? {}).map((name) => `"${name}":`);
      const unknown = UNKNOWN_FIELDS.filter((member) => !known.some((name) => member.startsWith(name)));
      expect(await notRefused(unknown, (member) => post(bodyWith(member)), 400)).toEqual([]);
    });

    it('that is no JSON object: 400', async () => {
      expect(await notRefused(NO_OBJECTS, post, 400)).toEqual([]);
      const packed = gzipSync(JSON.stringify(validCall(route, scene).body));
      expect(await notRefused(['packed'], () => post(packed), 400)).toEqual([]);
    });

    it('of a megabyte: 413; that is no JSON by its own account: 415', async () => {
      const megabyte = bodyWith(`"name":"${'x'.repeat(1_000_000)}"`);
      expect(await notRefused([megabyte, ' '.repeat(1_000_000)], post, 413)).toEqual([]);
      const text = JSON.stringify(validCall(route, scene).body);
      const types = [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/xml',
        'x',
      ];
      expect(await notRefused(types, (type) => post(text, type), 415)).toEqual([]);
    });
  });

  it.each(WITH_ID)('an id in the path of %s that can be none: 404', async (_, route) => {
    const { as, body } = validCall(route, scene);
    const payload = body && JSON.stringify(body);
    const wrong: string[] = [];
    for (const name of ['id', 'tid'].filter((each) => route.path.includes(`{${each}}`))) {
      const ask = (id: string) => send(route.method, addressOf(route, scene, { [name]: id }), as, payload);
      wrong.push(...(await notRefused(NO_IDS, ask, 404)));
    }
    expect(wrong).toEqual([]);
  });

  const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const WORDS: Record<string, string[]> = {
    limit: ['0', '-1', '1.5', '101', '9999999999', 'abc', '', 'NaN', '1&limit=2', '%00'],
    cursor: [
      'x',
      '%00',
      'x'.repeat(501),
      cursor([]),
      cursor(['a', 'b']),
      cursor([null, 1]),
      cursor(['2027-01-01', 'nope']),
      cursor(['yesterday', '00000000-0000-0000-0000-000000000000']),
      cursor(['2027-01-01 00:00:00+00', "' OR 1=1"]),
      ...[
        '2026-01-01 99:99:99+00',
        '2026-01-01 00:00:00+99',
        '0000-01-01 00:00:00+00',
        '2026-02-30 00:00:00+00',
      ].map((time) => cursor([time, '00000000-0000-0000-0000-000000000000'])),
      cursor(['\u0000', '\u0000']),
      cursor({ length: 2 }),
      'a&cursor=b',
    ],
    q: ['%00', 'x'.repeat(101), 'a&q=b'],
    state: ['draft', 'nope', '', 'open&state=closed'],
    from: NOT_TIMES.map(encodeURIComponent),
    to: NOT_TIMES.map(encodeURIComponent),
    event_id: ['0', '-1', '1.5', '16777216', 'abc', '', 'NaN', '1e309', '1&event_id=2', '%00'],
    request_id: ['abc', '', '%00', '1', '1&request_id=2', '[object Object]'],
  };

  it.each(WITH_QUERY)('the query of %s: 400, or 404 where it names something', async (_, route) => {
    const { as, url } = validCall(route, scene);
    const path = url.split('?')[0]!;
    const wrong: string[] = [];
    for (const { name } of route.query) {
      expect(WORDS).toHaveProperty(name);
      const ask = (word: string) => send(route.method, `${path}?${name}=${word}`, as);
      wrong.push(...(await notRefused(WORDS[name]!, ask, name === 'request_id' ? 404 : 400)));
    }
    expect(wrong).toEqual([]);
  });

  it('ten thousand query parameters, a path of 20,000 letters, other methods, other spellings: refused or harmless', async () => {
    const { organizer, eventId } = scene;
    const many = Array.from({ length: 10_000 }, (_, i) => `a${i}=1`).join('&');
    const { app } = scene.tixline;
    const urls = [
      `/api/events?${many}`,
      `/api/availability?${'event_id=1&'.repeat(10_000)}`,
      `/api/events/${'9'.repeat(20_000)}`,
      '/api/nothing',
      '/api/%',
      '/API/events',
    ];
    const wrong = await notRefused(urls, (url) => send('GET', url), 400, 404, 414);
    wrong.push(
      ...(await notRefused([`/api/events/${eventId}`], (url) => send('DELETE', url, organizer), 405)),
    );
    const put = (url: string) => app.inject({ method: 'PUT', url, payload: {} });
    wrong.push(...(await notRefused([`/api/events/${eventId}`], put, 405)));
    const headers = { authorization: `Bearer ${organizer.token}`, 'x-http-method-override': 'POST' };
    const override = (url: string) => app.inject({ method: 'GET', url, headers });
    wrong.push(...(await notRefused([`/api/events/${eventId}/close`], override, 405)));
    expect(wrong).toEqual([]);
  });
});
