import type { FastifyRequest } from 'fastify';

/**
 * Whether a page of another site sends this request, which the browser gave our cookie along with: by what browsers say of
 * it themselves (Fetch Metadata), else by its `Origin`. A sister site under our domain is another site, too. What is no
 * browser says neither, and has no cookie but its own.
 */
export function comesFromElsewhere({ headers }: FastifyRequest, allowed: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin !== undefined && allowed.includes(origin)) return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
}
