import { createServer, type Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/index';
import { maySeeFigures, showsFigures, TEXT_FORMAT, type Metrics } from '../platform/metrics/index';

const PATH = '/metrics';

/** Serves the figures beside the API. To whoever may not see them there is nothing: the 404 of any other address. */
export function mountMetrics(fastify: FastifyInstance, config: Config, metrics: Metrics): void {
  if (!showsFigures(config)) return;
  fastify.get(PATH, async (request, reply) => {
    if (!maySeeFigures(config, request.headers.authorization)) return reply.callNotFound();
    return reply
      .type(TEXT_FORMAT)
      .header('Cache-Control', 'no-store')
      .send(await metrics.text());
  });
}

/**
 * The same for a worker, which answers nobody else: a server of its own for this one address, on PORT. Only with
 * METRICS_TOKEN, so that any number of workers can run on a development machine. Rejects when it cannot listen.
 */
export async function serveMetrics(config: Config, metrics: Metrics): Promise<Server | undefined> {
  if (config.metricsToken === undefined) return undefined;
  const server = createServer((request, response) => {
    if (request.url !== PATH || !maySeeFigures(config, request.headers.authorization)) {
      response.writeHead(404).end();
      return;
    }
    metrics.text().then(
      (text) =>
        response.writeHead(200, { 'content-type': TEXT_FORMAT, 'cache-control': 'no-store' }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ port: config.port, host: config.host }, resolve);
  });
  return server;
}
