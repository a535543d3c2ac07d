import { randomBytes } from 'node:crypto';
import helmet from 'helmet';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { BoardPass } from './accounts/index';
import { ApiModule } from './api.module';
import type { Config } from './config/index';
import { Line } from './line/index';
import { mountDocs } from './openapi';
import { mountBullBoard, mountMetrics } from './operations/index';
import { Database } from './platform/database/index';
import {
  AccessTokens,
  answerDirectly,
  answerUnreadable,
  authenticate,
  knowMethods,
  limitRate,
  readJsonBody,
  Problem,
  sendProblem,
} from './platform/http/index';
import { RateLimits } from './platform/limits/index';
import { Metrics } from './platform/metrics/index';
import { EventLines } from './platform/queue/index';
import { serveWebClient } from './web-client';

const LARGEST_BODY = 64 * 1024;
/** Tickets' tokens stand in the path. */
const LONGEST_PARAMETER = 1_024;

/** A request that takes longer to arrive is cut; Node looks every half minute. */
const ARRIVAL_LIMIT_MS = 30_000;
/** How long a stop waits for requests that it finds under way. */
const CLOSING_LIMIT_MS = 5_000;

/** The API, its documentation, Bull Board and the web client, ready to listen. */
export async function createHttpApp(config: Config, logger: LoggerService): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: LARGEST_BODY,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    trustProxy: config.trustProxy,
    // Time for a proxy's idle connections to end before ours do, so that none is cut while a request is on its way.
    keepAliveTimeout: 72_000,
    requestTimeout: ARRIVAL_LIMIT_MS,
    // Fastify's own answer would be no problem document: see openGate.
    return503OnClosing: false,
    genReqId: requestIds(),
    // What the router itself cannot read: a broken percent sign, a parameter without end.
    frameworkErrors: (_: unknown, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(new Problem('bad-request'), request, reply),
    clientErrorHandler: answerUnreadable,
  });
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.with(config), adapter, {
    logger,
    abortOnError: false,
    bodyParser: false,
  });
  const fastify = adapter.getInstance();
  // Node's own answer to an `Expect` that it does not know would be no problem document; it may be passed over.
  fastify.server.on('checkExpectation', (request, reply) => fastify.server.emit('request', request, reply));
  openGate(fastify, config);
  takeJsonOnly(fastify);
  knowMethods(fastify);
  authenticate(fastify, app.get(AccessTokens), app.get(RateLimits));
  limitRate(fastify, app.get(RateLimits), config);
  answerDirectly(app);
  if (config.corsOrigins.length > 0) allowOrigins(app, config.corsOrigins);
  if (config.docs) mountDocs(app, config);
  mountMetrics(fastify, config, app.get(Metrics));
  await mountBullBoard(fastify, {
    lines: app.get(EventLines),
    line: app.get(Line),
    pass: app.get(BoardPass),
    database: app.get(Database),
  });
  await serveWebClient(app, config);
  return app;
}

/**
 * What every request passes first, in one hook, since each hook is a call more on the hot paths.
 *
 * While the server closes, whoever still asks on an open connection is told to come back, and what is not finished in
 * time is cut: a body sent a byte at a time must not hold up the stop.
 *
 * Security headers: pages get all of them; answers of the API are data and need two. Those are Fastify's own, which go out
 * with the status in one step: a header set on Node's answer makes Node check all of them.
 */
function openGate(fastify: FastifyInstance, config: Config): void {
  let closing = false;
  fastify.addHook('preClose', (done) => {
    closing = true;
    setTimeout(() => fastify.server.closeAllConnections(), CLOSING_LIMIT_MS).unref();
    done();
  });
  const pageHeaders = helmet({
    contentSecurityPolicy: { directives: POLICY, useDefaults: false },
    frameguard: { action: 'deny' },
    // Browsers take it from https alone; over http it would promise what is not so.
    hsts: config.appUrl.startsWith('https:'),
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    if (closing) {
      const stopping = new Problem('unavailable', 'This server is stopping. Try again in a moment.');
      return sendProblem(stopping, request, reply);
    }
    if (!request.url.startsWith('/api/')) {
      reply.raw.setHeader('Permissions-Policy', FEATURES);
      return pageHeaders(request.raw, reply.raw, (error) => done(error as Error | undefined));
    }
    void reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
    done();
  });
}

/**
 * Bodies are JSON: a form, which another site's page could post, is refused with 415. An empty body with a JSON content
 * type, as many clients send with a bare POST, is no body.
 */
function takeJsonOnly(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (_, text, done) => {
    try {
      done(null, text === '' ? undefined : readJsonBody(text));
    } catch (refusal) {
      done(refusal as Error);
    }
  });
}

/** Pages of these origins may do all that our own may, and read the headers that a client goes on with. */
function allowOrigins(app: NestFastifyApplication, origins: readonly string[]): void {
  app.enableCors({
    origin: [...origins],
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: ['Location', 'Retry-After', 'ETag', 'Idempotent-Replayed'],
    maxAge: 600,
  });
}

/** Request ids: short, unique over restarts, and cheaper than a UUID each. */
function requestIds(): () => string {
  const process = randomBytes(4).toString('hex');
  let count = 0;
  return () => `${process}-${(count += 1).toString(36)}`;
}

/** What pages of ours may use of a device: the door scans tickets. */
const FEATURES = 'camera=(self), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()';

/** What pages of ours may load: their own files. Mantine writes its styles into the page. */
const POLICY = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  fontSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  objectSrc: ["'none'"],
  baseUri: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};
