import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** The methods that some route takes at this path, sorted; none where there is no route. */
    methodsAt(path: string): string[];
  }
}

/**
 * Learns which methods each address takes, for the `Allow` of a 405. Asked only when no route was found, so it costs the
 * others nothing.
 */
export function knowMethods(fastify: FastifyInstance): void {
  const known = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  fastify.addHook('onRoute', ({ url, method }) => {
    // What takes any address (the web client's pages) says nothing of one.
    if (url.includes('*')) return;
    let route = known.get(url);
    if (route === undefined) known.set(url, (route = { pattern: patternOf(url), methods: new Set() }));
    for (const each of [method].flat()) route.methods.add(each);
  });
  fastify.decorate('methodsAt', (path) => {
    const exact = known.get(path);
    if (exact !== undefined) return [...exact.methods].toSorted();
    const there = [...known.values()].filter(({ pattern }) => pattern.test(path));
    return [...new Set(there.flatMap(({ methods }) => [...methods]))].toSorted();
  });
}

function patternOf(url: string): RegExp {
  const parts = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[^\w-]/g, '\\$&')));
  return new RegExp(`^${parts.join('/')}$`);
}
