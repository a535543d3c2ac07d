import { request, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Tixline } from '../support/tixline';

const SETTINGS = { NODE_ENV: 'production', JWT_SECRET: 'pZ4vQ8rT1wXyB6nM9kLcD2fGhJ5sA7eU0iOq' };
const TOKEN = 'Qp71xZr5Wk93vTb2MnLkJhGfDsA0UiYt';

const PATHS = [
  '/docs',
  '/docs/swagger-ui-init.js',
  '/docs-json',
  '/docs-yaml',
  '/metrics',
  '/admin/queues',
  '/admin/queues/api/queues',
  '/admin/queues/static/js/main.js',
];

/** One address as people write it who want in. */
function spellings(path: string): string[] {
  const [, first = '', ...rest] = path.split('/');
  const tail = rest.map((part) => `/${part}`).join('');
  const code = (letter: string) => `%${letter.charCodeAt(0).toString(16)}`;
  return [
    path,
    `${path}/`,
    `${path}//`,
    `/${path}`,
    `//${first}${tail.replaceAll('/', '//')}`,
    path.toUpperCase(),
    path.replace(first, first[0]!.toUpperCase() + first.slice(1)),
    path.replace(first, code(first[0]!) + first.slice(1)),
    path.replace(/.$/, code),
    path.replace(first, `%25${code(first[0]!).slice(1)}${first.slice(1)}`),
    `/${path.slice(1).replaceAll('/', '%2f')}`,
    `/%2f${path.slice(1)}`,
    `${path};`,
    `${path};a=b`,
    `/${first};a=b${tail}`,
    `${path}?x=1`,
    `${path}%3fx`,
    `${path}#x`,
    `${path}%00`,
    `${path}.`,
    `${path}.json`,
    `${path}%20`,
    `/.${path}`,
    `/x/..${path}`,
    `/x/%2e%2e${path}`,
    `/assets/../${path}`,
    `/api/..${path}`,
    `/${first}/.${tail}`,
    `\\${path.slice(1)}`,
    `/${first}\\${rest.join('\\')}`,
    `http://127.0.0.1${path}`,
  ];
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const NO_HTTP: Answer = { status: 400, headers: {}, body: '' };

/** Sends the path as it stands: `fetch` and `inject` would put it right first. */
function send(port: number, method: string, path: string, headers = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ port, host: '127.0.0.1', method, path, headers, agent: false }, (answer) => {
      let body = '';
      answer.on('data', (chunk) => (body += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, body }));
    });
    // What is no HTTP is answered to HEAD, too, with a body, which Node's client then takes for the next answer.
    const broken = ({ code = '' }: NodeJS.ErrnoException) => code.startsWith('HPE_');
    call.on('error', (error) => (broken(error) ? resolve(NO_HTTP) : reject(error))).end();
  });
}

describe('in production', () => {
  let closed: Tixline;
  let open: Tixline;
  let port: number;
  let openPort: number;
  const portOf = async (tixline: Tixline) => {
    const fastify = tixline.app.getHttpAdapter().getInstance();
    await fastify.listen({ port: 0, host: '127.0.0.1' });
    return (fastify.server.address() as AddressInfo).port;
  };
  beforeAll(async () => {
    closed = await Tixline.start({ env: { ...SETTINGS, METRICS_TOKEN: TOKEN } });
    const databaseUrl = closed.config.databaseUrl!;
    open = await Tixline.start({ databaseUrl, env: { ...SETTINGS, DOCS: 'on' } });
    [port, openPort] = [await portOf(closed), await portOf(open)];
  });
  afterAll(async () => {
    await open.stop();
    await closed.stop();
  });

  const methods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE'];

  it.each(PATHS)('%s is closed, however it is written', async (path) => {
    const page = (await send(port, 'GET', '/')).body;
    for (const spelling of spellings(path)) {
      for (const method of methods) {
        const { status, headers, body } = await send(port, method, spelling, { accept: '*/*' });
        // Some spellings are addresses of the web client, which shows everybody its one page.
        const isPage = status === 200 && (body === page || (method === 'HEAD' && body === ''));
        const refused = [400, 401, 404, 405, 415].includes(status);
        expect([method, spelling, refused || isPage]).toEqual([method, spelling, true]);
        // What is no HTTP is answered by the server below Fastify.
        if (status !== 400) expect(headers['content-type'] ?? '').toMatch(/^$|problem\+json|text\/html/);
        const said = body.replace(/"instance":"[^"]*"/, ''); // The path, as it was sent.
        expect(said).not.toMatch(/swagger|openapi|tixline_|bull/i);
      }
    }
  });

  it('what is closed by a setting or a sign-in is there, so that the above proves something', async () => {
    for (const path of ['/docs', '/docs-json', '/docs/swagger-ui-init.js'])
      expect([path, (await send(openPort, 'GET', path)).status]).toEqual([path, 200]);
    const figures = await send(port, 'GET', '/metrics', { authorization: `Bearer ${TOKEN}` });
    expect(figures.body).toContain('tixline_');
    const { token } = await closed.person('admin');
    const board = await send(port, 'GET', '/admin/queues/api/queues', { authorization: `Bearer ${token}` });
    expect(board.status).toBe(200);
  });

  it('without METRICS_TOKEN there is no /metrics', async () => {
    expect((await send(openPort, 'GET', '/metrics')).status).toBe(404);
    expect((await send(openPort, 'GET', '/metrics', { authorization: `Bearer ${TOKEN}` })).status).toBe(404);
  });
});
