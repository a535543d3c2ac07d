import Fastify, { type FastifyInstance } from 'fastify';
import { AccessTokens, authenticate } from '../../src/platform/http';
import { RateLimits } from '../../src/platform/limits';
import { problemIn } from '../support/problems';
import { Tixline } from '../support/tixline';

/** Routes as somebody may add them tomorrow, who says nothing of whom they are for. */
describe('a route that does not say whom it is for', () => {
  let tixline: Tixline;
  let fastify: FastifyInstance;
  beforeAll(async () => {
    tixline = await Tixline.start();
    fastify = Fastify();
    authenticate(fastify, tixline.app.get(AccessTokens), tixline.app.get(RateLimits));
    fastify.get('/api/new', () => 'new');
    fastify.get('/api/staff', { config: { access: 'staff' } }, () => 'staff');
    fastify.get('/api/public', { config: { access: 'everyone' } }, () => 'public');
    fastify.get('/page', () => 'page');
    await fastify.ready();
  });
  afterAll(async () => {
    await fastify.close();
    await tixline.stop();
  });

  const call = (url: string, authorization?: string, method: 'GET' | 'HEAD' = 'GET') =>
    fastify.inject({ method, url, headers: authorization === undefined ? {} : { authorization } });

  it.each(['GET', 'HEAD'] as const)('is closed below /api to %s without a token', async (method) => {
    expect((await call('/api/new', undefined, method)).statusCode).toBe(401);
    expect((await call('/api/new?public', undefined, method)).statusCode).toBe(401);
  });

  it('is open there to whoever is signed in', async () => {
    const { token } = await tixline.person();
    for (const scheme of ['Bearer', 'bearer', 'Bearer  ', 'BEARER'])
      expect((await call('/api/new', `${scheme} ${token}`)).statusCode).toBe(200);
    for (const header of [token, `Basic ${token}`, `Bearer${token}`, `Bearer ${token}x`, 'Bearer ', 'Bearer'])
      expect(problemIn(await call('/api/new', header))).toEqual({ status: 401, code: 'sign-in-required' });
  });

  it('and one that does is for those alone, and for admins', async () => {
    const as = async (role?: 'staff' | 'admin') => `Bearer ${(await tixline.person(role)).token}`;
    expect(problemIn(await call('/api/staff', await as()))).toEqual({ status: 403, code: 'forbidden' });
    expect((await call('/api/staff', await as('staff'))).statusCode).toBe(200);
    expect((await call('/api/staff', await as('admin'))).statusCode).toBe(200);
    for (const url of ['/api/public', '/page']) expect((await call(url)).statusCode).toBe(200);
  });
});
