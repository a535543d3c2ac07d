import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import type { Config } from './config/index';

const WEB_CLIENT = resolve(__dirname, '../web/dist');
const PAGE = 'index.html';

/** By this the client knows that there is an API reference to show the way to: a script in the page is forbidden. */
const TO_THE_DOCS = /^\s*<link rel="help" [^>]*>\n/m;

/**
 * The web client's files; every address of its own (no file, not the API's) gets its page. Does nothing where the client
 * has not been built.
 */
export async function serveWebClient(app: NestFastifyApplication, { docs }: Config): Promise<void> {
  if (!existsSync(WEB_CLIENT)) return;
  const fastify = app.getHttpAdapter().getInstance();
  await app.register(fastifyStatic, {
    root: WEB_CLIENT,
    wildcard: false,
    globIgnore: [PAGE],
    // The build leaves a packed copy (.br, .gz) beside each file.
    preCompressed: true,
    index: false,
    setHeaders: (reply, path) => {
      const forever = path.includes(join('dist', 'assets'));
      reply.header('Cache-Control', forever ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  const html = readFileSync(join(WEB_CLIENT, PAGE), 'utf8');
  const text = docs ? html : html.replace(TO_THE_DOCS, '');
  const page = (reply: FastifyReply) =>
    reply.header('Cache-Control', 'no-cache').type('text/html; charset=utf-8').send(text);
  for (const path of ['/', `/${PAGE}`]) fastify.get(path, (_, reply) => page(reply));
  fastify.get('/*', (request, reply) => {
    const isPage =
      !/^\/(api|docs|docs-json|docs-yaml|health|metrics|admin)(\/|$)/i.test(request.url) &&
      // A file's ending is short; what stands after the last dot of a ticket's token (/t/…) is not.
      !/\.\w{1,12}$/.test(request.url.split('?')[0]!);
    return isPage ? page(reply) : reply.callNotFound();
  });
}
