import { problemIn } from '../support/problems';
import { Tixline } from '../support/tixline';

const HERE = 'https://tickets.example.org';
const SHOP = 'https://shop.example.org';

/** Refresh and logout go by a cookie alone; a page of another site must not be able to have them done. */
describe('with the refresh cookie', () => {
  const credentials = { email: 'ada@example.org', password: 'correct horse battery' };
  let tixline: Tixline;
  beforeAll(async () => {
    tixline = await Tixline.start({ env: { APP_URL: HERE, CORS_ORIGINS: SHOP } });
    await tixline.post('/api/auth/register', { body: { name: 'Ada', ...credentials } });
  });
  afterAll(() => tixline.stop());

  const signIn = async () => (await tixline.post('/api/auth/login', { body: credentials })).cookies[0]!;
  const send = (path: string, cookie: string, headers: Record<string, string>, payload?: string) =>
    tixline.app.inject({
      method: 'POST',
      url: path,
      headers: { host: 'tickets.example.org', cookie: `tixline_refresh=${cookie}`, ...headers },
      ...(payload !== undefined && { payload }),
    });

  it.each([
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['a sister site', { origin: 'https://evil.example.org', 'sec-fetch-site': 'same-site' }],
    ['another site in an old browser', { origin: 'https://evil.example' }],
    ['a host that begins as ours', { origin: 'https://tickets.example.org.evil.example' }],
    ['a host that ends as ours', { origin: 'https://eviltickets.example.org' }],
    ['our host at another port', { origin: 'https://tickets.example.org:8443' }],
    ['a sandbox', { origin: 'null' }],
    ['a link, by which a browser says no origin', { 'sec-fetch-site': 'cross-site' }],
  ])('%s can neither go on with a session nor end it', async (_, headers) => {
    const { value } = await signIn();
    for (const path of ['/api/auth/refresh', '/api/auth/logout'])
      expect(problemIn(await send(path, value, headers))).toEqual({ status: 403, code: 'forbidden' });
    expect((await send('/api/auth/refresh', value, {})).statusCode).toBe(200);
  });

  it.each([
    ['our own', { origin: HERE, 'sec-fetch-site': 'same-origin' }],
    ['our own in an old browser', { origin: HERE }],
    ['one of CORS_ORIGINS', { origin: SHOP, 'sec-fetch-site': 'same-site' }],
    ['no page at all', {}],
    ['what a person types', { 'sec-fetch-site': 'none' }],
  ])('%s can', async (_, headers) => {
    const { value } = await signIn();
    const next = await send('/api/auth/refresh', value, headers);
    expect(next.statusCode).toBe(200);
    expect((await send('/api/auth/logout', next.cookies[0]!.value, headers)).statusCode).toBe(204);
    expect((await send('/api/auth/refresh', next.cookies[0]!.value, headers)).statusCode).toBe(401);
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'])(
    'a form of another site (%s) is not read, whatever it says',
    async (type) => {
      const { value } = await signIn();
      for (const path of ['/api/auth/refresh', '/api/auth/login', '/api/auth/register']) {
        const answer = await send(path, value, { 'content-type': type }, JSON.stringify(credentials));
        expect(problemIn(answer)).toEqual({ status: 415, code: 'unsupported-media-type' });
      }
    },
  );

  it.each([
    [{ NODE_ENV: 'production' }, true],
    [{ NODE_ENV: 'production', APP_URL: HERE }, true],
    [{ NODE_ENV: 'production', APP_URL: 'http://tickets.local' }, false],
    [{ APP_URL: HERE }, true],
    [{}, false],
  ])('the cookies under %p are for TLS alone: %p', async (env, secure) => {
    const JWT_SECRET = 'pZ4vQ8rT1wXyB6nM9kLcD2fGhJ5sA7eU0iOq';
    const databaseUrl = tixline.config.databaseUrl!;
    await tixline.sql(`UPDATE users SET role = 'admin' WHERE email = $1`, [credentials.email]);
    const other = await Tixline.start({ databaseUrl, env: { JWT_SECRET, ...env } });
    const { cookies } = await other.post('/api/auth/login', { body: credentials });
    await other.stop();
    expect(cookies.map(({ name }) => name).toSorted()).toEqual(['tixline_board', 'tixline_refresh']);
    for (const cookie of cookies) {
      expect([cookie.name, cookie.secure ?? false]).toEqual([cookie.name, secure]);
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
      expect(cookie.path).toMatch(/^\/(api\/auth|admin)$/);
    }
  });
});
