import { connect, type AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { hashOfTables } from '../support/books';
import { ROUTES, validCall, type Route } from '../support/routes';
import { setScene, type Scene } from '../support/scene';

const LIMIT_MS = 1_000;
const WRITING = ROUTES.filter(({ method }) => method !== 'GET').map(
  (route) => [route.operationId, route] as const,
);

/** What no test client sends: bytes on a socket. */
describe('HTTP that is broken, or says two things at once', () => {
  let scene: Scene;
  let port: number;
  let before: string;
  beforeAll(async () => {
    scene = await setScene();
    const server = scene.tixline.app.getHttpAdapter().getInstance();
    await server.listen({ port: 0, host: '127.0.0.1' });
    ({ port } = server.server.address() as AddressInfo);
    before = await hashOfTables(scene.tixline);
  });
  afterAll(() => scene.tixline.stop());
  afterEach(async () => {
    expect(await hashOfTables(scene.tixline)).toBe(before);
    expect(await say('GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1.1 200 /,
    );
  });

  /** Sends bytes and answers all that comes back until the server closes, or for a second. Closes its side with `end`. */
  function say(bytes: string | Buffer, end = false): Promise<string> {
    return new Promise((done) => {
      let heard = '';
      const socket = connect(port, '127.0.0.1', () => (end ? socket.end(bytes) : socket.write(bytes)));
      const over = () => {
        clearTimeout(timer);
        socket.destroy();
        done(heard);
      };
      const timer = setTimeout(over, LIMIT_MS);
      socket.on('data', (data) => (heard += data.toString('latin1')));
      socket.on('close', over);
      socket.on('error', over);
    });
  }

  /** The statuses of all answers in it; throws for a refusal that is no problem document. */
  function statusesIn(heard: string): number[] {
    return heard
      .split(/(?=HTTP\/1\.1 \d{3} )/)
      .filter((answer) => answer !== '')
      .map((answer) => {
        const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
        if (status >= 400 && !/content-type: application\/problem\+json/i.test(answer))
          throw new Error(answer);
        return status;
      });
  }

  const head = (route: Route, ...lines: string[]) => {
    const { url, as } = validCall(route, scene);
    const token = as === undefined ? [] : [`Authorization: Bearer ${as.token}`];
    return [
      `${route.method} ${url} HTTP/1.1`,
      'Host: x',
      'Connection: close',
      ...token,
      ...lines,
      '',
      '',
    ].join('\r\n');
  };
  const JSON_TYPE = 'Content-Type: application/json';

  it.each(WRITING)('%s: a body that says its length in two ways is not read', async (_, route) => {
    const chunk = '2\r\n{}\r\n0\r\n\r\n';
    for (const lines of [
      ['Transfer-Encoding: chunked', `Content-Length: ${chunk.length}`],
      ['Content-Length: 2', 'Content-Length: 3'],
      ['Content-Length: 2, 3'],
      ['Content-Length: -1'],
      ['Content-Length: 0x2'],
      ['Content-Length: 1e1'],
      ['Transfer-Encoding: chunked, identity'],
      ['Transfer-Encoding: xchunked'],
      ['Transfer-Encoding : chunked'],
    ])
      expect([lines, statusesIn(await say(head(route, JSON_TYPE, ...lines) + chunk))]).toEqual([
        lines,
        [400],
      ]);
  });

  it.each(WRITING)(
    '%s: a body that ends too soon, or is packed, is refused or waited for',
    async (_, route) => {
      const text = Buffer.from(JSON.stringify(validCall(route, scene).body ?? { a: 1 }));
      const refused = [400, 413, 415];
      const cases: [string, string[], Buffer, boolean][] = [
        ...[gzipSync(text), deflateSync(text), brotliCompressSync(text)].map(
          (packed, i): [string, string[], Buffer, boolean] => {
            const encoding = ['gzip', 'deflate', 'br'][i]!;
            return [
              encoding,
              [`Content-Encoding: ${encoding}`, `Content-Length: ${packed.length}`],
              packed,
              false,
            ];
          },
        ),
        ['half of it, then gone', [`Content-Length: ${text.length}`], text.subarray(0, 3), true],
        ['half a chunk', ['Transfer-Encoding: chunked'], Buffer.from('ff\r\n{"a'), true],
        ['a chunk of no number', ['Transfer-Encoding: chunked'], Buffer.from('zz\r\n{}\r\n0\r\n\r\n'), false],
        [
          'a chunk without end',
          ['Transfer-Encoding: chunked'],
          Buffer.from('fffffffffffffffff\r\n{}'),
          false,
        ],
      ];
      for (const [words, lines, body, end] of cases) {
        const statuses = statusesIn(
          await say(Buffer.concat([Buffer.from(head(route, JSON_TYPE, ...lines)), body]), end),
        );
        expect([words, statuses.filter((status) => !refused.includes(status))]).toEqual([words, []]);
        if (!end) expect([words, statuses.length]).toEqual([words, 1]);
      }
    },
  );

  it.each(WRITING)('%s: who expects to go on is told, and what follows is looked at', async (_, route) => {
    const expecting = head(route, JSON_TYPE, 'Expect: 100-continue', 'Content-Length: 2');
    expect(statusesIn(await say(`${expecting}[]`))).toEqual([100, 400]);
    const other = head(route, JSON_TYPE, 'Expect: a miracle', 'Content-Length: 2');
    expect(statusesIn(await say(`${other}[]`)).filter((status) => ![400, 417].includes(status))).toEqual([]);
  });

  it('a request behind a refused one on the same connection is not smuggled in', async () => {
    const [, login] = WRITING.find(([id]) => id === 'cancelOrder')!;
    const smuggled = head(login).replace('Connection: close\r\n', '');
    for (const first of [
      `POST /api/auth/logout HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `POST /api/auth/logout HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 400\r\n\r\n`,
    ])
      expect(statusesIn(await say(first + smuggled))).toEqual([400]);
  });

  it('no host: Node itself refuses that, without a word', async () => {
    expect(await say('GET /api/events HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1.1 400 [^]*\r\n\r\n0\r\n\r\n$/);
  });

  it.each([
    ['no request line', 'hello\r\n\r\n', [400]],
    ['two hosts', 'GET /health/live HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n', [200, 400]],
    ['another version', 'GET /health/live HTTP/9.9\r\nHost: x\r\n\r\n', [400, 505]],
    ['HTTP/2 without being asked', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', [400]],
    ['a method of nobody', 'BREW /health/live HTTP/1.1\r\nHost: x\r\n\r\n', [400]],
    ['NUL in a header', 'GET /health/live HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n', [400]],
    ['a bare line feed in a header', 'GET /health/live HTTP/1.1\r\nHost: x\r\nX: a\rY: b\r\n\r\n', [400]],
    ['a space in the address', 'GET /health/ live HTTP/1.1\r\nHost: x\r\n\r\n', [400]],
    [
      'letters that are none in the address',
      'GET /api/events/\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      [400, 404],
    ],
    [
      'an address with a scheme',
      'GET http://evil.example/api/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      [400, 401, 404],
    ],
    ['headers of 100 kB', `GET /health/live HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`, [431]],
    ['5,000 headers', `GET /health/live HTTP/1.1\r\nHost: x\r\n${'X: y\r\n'.repeat(5_000)}\r\n`, [200, 431]],
    ['an address of 100 kB', `GET /api/${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, [431]],
    ['TRACE', 'TRACE /api/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', [405]],
    ['OPTIONS of everything', 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', [400, 404]],
    ['CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n', [400, 404, 405]],
  ])('%s', async (_, bytes, wanted) => {
    const statuses = statusesIn(await say(Buffer.from(bytes, 'latin1')));
    expect(statuses.filter((status) => !wanted.includes(status))).toEqual([]);
  });
});
