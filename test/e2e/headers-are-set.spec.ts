import { Tixline } from '../support/tixline';

const PRODUCTION = { NODE_ENV: 'production', JWT_SECRET: 'pZ4vQ8rT1wXyB6nM9kLcD2fGhJ5sA7eU0iOq', DOCS: 'on' };

/** Headers that differ from answer to answer, or say what a file is. */
const OF_THE_ANSWER =
  /^(date|connection|keep-alive|content-length|content-type|content-encoding|etag|last-modified|accept-ranges|vary|transfer-encoding)$/;

const ON_PAGES = {
  'content-security-policy':
    "default-src 'self';script-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data: blob:;" +
    "font-src 'self' data:;connect-src 'self';object-src 'none';base-uri 'self';form-action 'self';frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'permissions-policy':
    'camera=(self), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
};
const ON_DATA = { 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' };

describe('security headers', () => {
  let overHttp: Tixline;
  let overTls: Tixline;
  beforeAll(async () => {
    overHttp = await Tixline.start({ env: { ...PRODUCTION, APP_URL: 'http://tickets.local' } });
    const databaseUrl = overHttp.config.databaseUrl!;
    overTls = await Tixline.start({
      databaseUrl,
      env: { ...PRODUCTION, APP_URL: 'https://tickets.example.org' },
    });
  });
  afterAll(async () => {
    await overTls.stop();
    await overHttp.stop();
  });

  const headersOf = async (tixline: Tixline, url: string) => {
    const { headers } = await tixline.get(url, { headers: { accept: 'text/html' } });
    return Object.fromEntries(
      Object.entries(headers).filter(([name]) => !OF_THE_ANSWER.test(name) && name !== 'cache-control'),
    );
  };

  it.each(['/', '/events/1', '/t/token', '/docs', '/docs-json', '/health/live', '/nothing.here'])(
    '%s: all of them',
    async (url) => {
      expect(await headersOf(overHttp, url)).toEqual(ON_PAGES);
    },
  );

  it('the board: all of them, before the sign-in and behind it', async () => {
    expect(await headersOf(overHttp, '/admin/queues/api/queues')).toEqual({
      ...ON_PAGES,
      location: '/sign-in?next=%2Fadmin%2Fqueues',
    });
    const as = await overHttp.person('admin');
    expect((await overHttp.get('/admin/queues', { as })).headers).toMatchObject(ON_PAGES);
  });

  it.each(['/api/events', '/api/nothing'])('%s: the two that matter for data', async (url) => {
    expect(await headersOf(overHttp, url)).toEqual(ON_DATA);
  });

  it('TLS is promised only where people come by it', async () => {
    const promise = async (tixline: Tixline) => (await tixline.get('/')).headers['strict-transport-security'];
    expect(await promise(overHttp)).toBeUndefined();
    expect(await promise(overTls)).toBe('max-age=31536000; includeSubDomains');
  });

  it('nothing says what we are made of', async () => {
    for (const url of ['/', '/api/events', '/docs', '/admin/queues']) {
      const { headers } = await overHttp.get(url);
      expect(Object.keys(headers)).not.toContain('server');
      expect(Object.keys(headers)).not.toContain('x-powered-by');
    }
  });
});
