import { createServer } from 'node:http';
import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config/index';
import { maySeeFigures, showsFigures, type Metrics } from '../platform/metrics/index';

const PATH = '/metrics';

/** Serves the figures beside the API. To whoever may not see them there is nothing: the 404 of any other address. */
export function mountMetrics(fastify: FastifyInstance, config: Config, metrics: Metrics): void {
  if (!showsFigures(config)) return;
  fastify.get(PATH, async (request, reply) => {
    if (!maySeeFigures(config, request.headers.authorization)) return reply.callNotFound();
    return reply
      .type(metrics.contentType)
      .header('Cache-Control', 'no-store')
      .send(await metrics.text());
  });
}

/**
 * The same for a worker, which answers nobody else: a server of its own for this one address, on PORT. Only with
 * METRICS_TOKEN, so that any number of workers can run on a development machine. Where it cannot listen the worker works
 * on without: figures are no reason to leave people in line.
 */
export function serveMetrics(config: Config, metrics: Metrics): void {
  if (config.metricsToken === undefined) return;
  const server = createServer((request, response) => {
    if (request.url !== PATH || !maySeeFigures(config, request.headers.authorization)) {
      response.writeHead(404).end();
      return;
    }
    metrics.text().then(
      (text) =>
        response
          .writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' })
          .end(text),
      () => response.writeHead(500).end(),
    );
  });
  server
    .on('error', ({ message }) => new Logger('metrics').warn(`no /metrics of this worker: ${message}`))
    .listen({ port: config.port, host: config.host });
}
