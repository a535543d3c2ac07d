import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AccessTokens } from './access-tokens';
import type { Identity } from './identity';
import type { Access } from './operation';
import { Problem } from './problem';
import { sendProblem } from './problem.filter';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whom a route is for (see `Operation`). */
    access?: Access;
  }
}

/**
 * Looks at every request before anything else of it is read: a route of the API that does not say whom it is for is closed
 * to everybody who is not signed in. A hook of Fastify and not a guard of Nest: it is on the hot paths, and a guard costs
 * them a promise and two objects each.
 */
export function authenticate(fastify: FastifyInstance, tokens: AccessTokens): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const refusal = refusalOf(request, tokens);
    if (refusal === undefined) return done();
    sendProblem(refusal, request, reply);
  });
}

function refusalOf(request: FastifyRequest, tokens: AccessTokens): Problem | undefined {
  if (request.is404) return undefined;
  const { config, url } = request.routeOptions;
  const access = config.access ?? (url?.startsWith('/api') ? 'signed-in' : 'everyone');
  if (access === 'everyone') return undefined;
  const identity = tokens.identify(bearerOf(request.headers.authorization));
  if (identity === undefined)
    return new Problem('sign-in-required', 'Send a valid access token: Authorization: Bearer <token>.');
  if (access !== 'signed-in' && identity.role !== access && identity.role !== 'admin')
    return new Problem('forbidden', `This is for: ${access}, admin.`);
  request.identity = identity;
  return undefined;
}

/** The token of an `Authorization: Bearer` header, or the empty string. */
export function bearerOf(header: string | undefined): string {
  return header !== undefined && /^bearer /i.test(header) ? header.slice(7).trim() : '';
}

/** The signed-in person of a request. Throws on a route for everyone: that is a fault of ours. */
export function identityOf(request: FastifyRequest): Identity {
  if (request.identity === undefined) throw new Error('nobody is signed in on a route for everyone');
  return request.identity;
}
