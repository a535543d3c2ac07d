import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RouteHandlerMethod } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The method that Fastify calls itself. */
    direct?: { readonly controller: Type; readonly method: string | symbol };
  }
}

/**
 * Has Fastify call the handlers of `direct` operations itself, with request and reply: what they return or reject with is
 * answered as everywhere. Nest's way to a handler (arguments, pipes, interceptors, a promise for each) costs 6 µs, as
 * much as finding a position and checking a token together (docs/performance.md). Nest still knows these routes: their
 * paths, who may call them, and how the API reference shows them.
 */
export function answerDirectly(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    const { direct } = route.config ?? {};
    if (direct === undefined) return;
    const controller = app.get<Record<string | symbol, RouteHandlerMethod>>(direct.controller, {
      strict: false,
    });
    route.handler = controller[direct.method]!.bind(controller as never);
  });
}
