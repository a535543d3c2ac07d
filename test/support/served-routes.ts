import type { FastifyInstance } from 'fastify';

/** Every route that this Fastify serves, as "GET /api/events/:id". Read from the router itself, not from the document. */
export function servedRoutes(fastify: FastifyInstance): string[] {
  const routes: string[] = [];
  const path: string[] = [];
  for (const line of fastify.printRoutes({ commonPrefix: false }).split('\n')) {
    const found = /^([│├└─\s]*)(.*?)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (found === null || found[2] === '') continue;
    const [, branch = '', name = '', methods] = found;
    path.length = branch.length / 4 - 1;
    path.push(name);
    for (const method of methods?.split(', ') ?? []) routes.push(`${method} ${path.join('')}`);
  }
  return routes;
}
