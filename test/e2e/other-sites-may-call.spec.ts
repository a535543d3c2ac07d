import { Tixline } from '../support/tixline';

const SHOP = 'https://shop.example.org';

describe('a page of an origin in CORS_ORIGINS', () => {
  let tixline: Tixline;
  beforeAll(async () => {
    tixline = await Tixline.start({ env: { CORS_ORIGINS: `${SHOP}, https://other.example.org` } });
  });
  afterAll(() => tixline.stop());

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    'may send %s with the headers that we read',
    async (method) => {
      const answer = await tixline.app.inject({
        method: 'OPTIONS',
        url: '/api/ticket-requests/00000000-0000-8000-8000-000000000000',
        headers: {
          origin: SHOP,
          'access-control-request-method': method,
          'access-control-request-headers': 'authorization,content-type,idempotency-key,if-match',
        },
      });
      expect(answer.statusCode).toBe(204);
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': SHOP,
        'access-control-allow-credentials': 'true',
        'access-control-allow-headers': 'authorization,content-type,idempotency-key,if-match',
      });
      expect(String(answer.headers['access-control-allow-methods']).split(/,\s*/)).toContain(method);
    },
  );

  it('may read the headers that it goes on with', async () => {
    const answer = await tixline.get('/api/events', { headers: { origin: SHOP } });
    const exposed = String(answer.headers['access-control-expose-headers']).toLowerCase().split(/,\s*/);
    expect(exposed.toSorted()).toEqual(['etag', 'idempotent-replayed', 'location', 'retry-after']);
  });

  it.each([
    'https://evil.example.org',
    'https://shop.example.org.evil.example',
    'https://evilshop.example.org',
    'https://shop-example.org',
    'https://shopXexample.org',
    'https://a.shop.example.org',
    'https://shop.example.org:8443',
    'https://shop.example.org/',
    'https://shop.example.org@evil.example',
    'https://shop.example.org%60.evil.example',
    'https://shop.example.org, https://evil.example',
    'HTTPS://SHOP.EXAMPLE.ORG',
    'http://shop.example.org',
    'file://',
    'null',
    '*',
    '',
  ])('and %p may not', async (origin) => {
    const headers = { origin, 'access-control-request-method': 'POST' };
    for (const method of ['GET', 'OPTIONS'] as const) {
      const answer = await tixline.app.inject({ method, url: '/api/events', headers });
      // What stands there is never the caller's word for itself.
      expect([undefined, false]).toContain(answer.headers['access-control-allow-origin'] ?? undefined);
    }
  });

  it('an answer is kept by no cache for another origin', async () => {
    for (const origin of [SHOP, 'https://evil.example.org']) {
      const { vary } = (await tixline.get('/api/events', { headers: { origin } })).headers;
      expect(String(vary).toLowerCase()).toContain('origin');
    }
  });
});
