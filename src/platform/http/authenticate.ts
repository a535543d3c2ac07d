import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RULES, type RateLimits } from '../limits/index';
import type { AccessTokens } from './access-tokens';
import type { Identity } from './identity';
import type { Access } from './operation';
import { networkOf } from './network-of';
import { Problem, tooMany } from './problem';
import { sendProblem } from './problem.filter';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whom a route is for (see `Operation`). */
    access?: Access;
  }
}

/**
 * Has every route that is registered from now on ask who is calling before anything else of a request is read: a route of
 * the API that does not say whom it is for is closed to everybody who is not signed in. Hooks of Fastify and not a guard of
 * Nest, and each route's own: they are on the hot paths, where a guard costs a promise and two objects, and asking a
 * request for its route costs an object of twelve fields.
 */
export function authenticate(fastify: FastifyInstance, tokens: AccessTokens, limits: RateLimits): void {
  // Every request has the field from the start: one that is added later makes each request a thing of another shape.
  fastify.decorateRequest('identity', undefined);
  fastify.addHook('onRoute', (route) => {
    const access = route.config?.access ?? (route.url.startsWith('/api') ? 'signed-in' : 'everyone');
    if (access === 'everyone') return;
    const check = (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
      const refusal = refusalOf(request, access, tokens, limits);
      if (refusal === undefined) return done();
      sendProblem(refusal, request, reply);
    };
    route.onRequest = [check, ...[route.onRequest ?? []].flat()];
  });
}

function refusalOf(
  request: FastifyRequest,
  access: Exclude<Access, 'everyone'>,
  tokens: AccessTokens,
  limits: RateLimits,
): Problem | undefined {
  const identity = tokens.identify(request.headers.authorization);
  if (identity === undefined) {
    // Whoever tries tokens is a visitor like any other.
    const wait = limits.takeHere(RULES.visitor, networkOf(request));
    if (wait > 0) return tooMany(wait);
    return new Problem('sign-in-required', 'Send a valid access token: Authorization: Bearer <token>.');
  }
  if (access !== 'signed-in' && identity.role !== access && identity.role !== 'admin')
    return new Problem('forbidden', `This is for: ${access}, admin.`);
  request.identity = identity;
  return undefined;
}

/** The signed-in person of a request. Throws on a route for everyone: that is a fault of ours. */
export function identityOf(request: FastifyRequest): Identity {
  if (request.identity === undefined) throw new Error('nobody is signed in on a route for everyone');
  return request.identity;
}
