import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Where a cookie is sent, and for how long it is kept. All of ours are out of reach of scripts and of other sites. */
export interface Keeping {
  readonly path: string;
  readonly maxAgeSeconds: number;
  readonly secure: boolean;
}

/**
 * A cookie of a request, read where it is wanted. Not by `@fastify/cookie`: its hooks run for every request, and the hot
 * paths carry no cookies.
 */
export function readCookie(request: FastifyRequest, name: string): string | undefined {
  const { cookie } = request.headers;
  return cookie === undefined ? undefined : parseCookie(cookie)[name];
}

/** Has the browser keep a cookie. */
export function setCookie(reply: FastifyReply, name: string, value: string, keeping: Keeping): void {
  const { path, maxAgeSeconds, secure } = keeping;
  void reply.header(
    'Set-Cookie',
    stringifySetCookie({
      name,
      value,
      path,
      maxAge: maxAgeSeconds,
      secure,
      httpOnly: true,
      sameSite: 'strict',
    }),
  );
}

/** Has the browser forget a cookie. */
export function clearCookie(reply: FastifyReply, name: string, path: string): void {
  setCookie(reply, name, '', { path, maxAgeSeconds: 0, secure: false });
}
