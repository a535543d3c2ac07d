import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { LoggerService } from '@nestjs/common';
import type { Config } from './config/index';
import { databaseFailure, isDatabaseAway, reachDatabase } from './platform/database/index';
import { Problem, problemBody } from './platform/http/index';

const LOOK_AGAIN_MS = 1_000;
const RETRY_AFTER_S = 2;

/**
 * Does `prepare` on a database that is there, and answers what it answers. One that is away is waited for; meanwhile the
 * process listens (but for a worker), lives, is not ready, and tells everybody to come back. The port is free again when
 * this resolves. Rejects when the database is there and cannot be used, or something else is in the way.
 */
export async function onceDatabaseIsThere<T>(
  config: Config,
  logger: LoggerService,
  prepare: () => Promise<T>,
): Promise<T> {
  const url = config.databaseUrl;
  let close: (() => Promise<void>) | undefined;
  for (let waiting = false; ; waiting = true) {
    try {
      // First by itself: Nest would log each try with its stack.
      if (url !== undefined) await reachDatabase(url);
      const prepared = await prepare();
      if (waiting) logger.log('The database is there.', 'run');
      await close?.();
      return prepared;
    } catch (error) {
      if (url === undefined || !isDatabaseAway(error)) throw error;
      const { message, cure } = databaseFailure(error, url)!;
      if (!waiting) logger.warn(`${message} ${cure} Waiting for it.`, 'run');
      if (config.role !== 'worker') close ??= await open(config);
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }
}

/** Listens. Answers how to stop that; rejects when it cannot. */
async function open({ port, host }: Config): Promise<() => Promise<void>> {
  const server = createServer(answer);
  server.listen(port, host);
  await once(server, 'listening');
  return async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  // The query may hold a token.
  const path = (request.url ?? '/').split('?', 1)[0]!;
  response.setHeader('Connection', 'close').setHeader('Cache-Control', 'no-store');
  if (path === '/health/live') {
    response.setHeader('Content-Type', 'application/json; charset=utf-8').end('{"status":"ok"}');
    return;
  }
  const problem = new Problem('unavailable', 'The database cannot be reached yet. Try again in a moment.');
  response
    .writeHead(503, {
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Retry-After': String(RETRY_AFTER_S),
    })
    .end(JSON.stringify(problemBody(problem, path, randomUUID())));
}
