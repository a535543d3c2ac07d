import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Database, isDatabaseAway, isRefusedValue } from '../database/index';
import { CATALOGUE, Problem, problemBody, type ProblemCode } from './problem';

const BY_STATUS: Partial<Record<number, ProblemCode>> = {
  400: 'bad-request',
  401: 'sign-in-required',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  408: 'bad-request',
  413: 'body-too-large',
  414: 'bad-request',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
  431: 'bad-request',
  503: 'unavailable',
};

/** Turns whatever a route throws into a problem document. What is not a refusal goes to the log, never to the client. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('http');

  constructor(private readonly database: Database) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    let problem = toProblem(error);
    if (request.is404) problem = otherMethod(request, reply) ?? problem;
    if (isDatabaseAway(error)) this.database.outage.away(error);
    if (problem.code === 'internal') this.writeDown(error, request);
    sendProblem(problem, request, reply);
  }

  /** By the request_id that the answer tells, and by the route: the path itself may hold a token. */
  private writeDown(error: unknown, { id, method, routeOptions }: FastifyRequest): void {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    this.log.error(`request ${id}, ${method} ${routeOptions.url ?? 'no route'}: ${message}`, stack);
  }
}

/** Writes a problem document as the answer. Does nothing once an answer has begun (a stream, say). */
export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): void {
  if (reply.sent || reply.raw.headersSent) return;
  if (problem.retryAfterSeconds !== undefined)
    void reply.header('Retry-After', String(problem.retryAfterSeconds));
  if (problem.status === 401) void reply.header('WWW-Authenticate', 'Bearer');
  // The query may hold a token: the instance is the path alone.
  const path = request.url.split('?', 1)[0]!;
  void reply
    .status(problem.status)
    .header('Cache-Control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problemBody(problem, path, request.id)));
}

/** What the router did not find may be there for other methods. */
function otherMethod({ server, url }: FastifyRequest, reply: FastifyReply): Problem | undefined {
  const methods = server.methodsAt(url.split('?', 1)[0]!);
  if (methods.length === 0) return undefined;
  void reply.header('Allow', methods.join(', '));
  return new Problem('method-not-allowed', `It takes ${methods.join(', ')}.`);
}

/**
 * Answers what Node's parser could not read, on its socket: there is no request and no reply yet. Closes the connection,
 * since nobody knows where the next request would begin.
 */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy(error);
  const status = UNREADABLE[error.code ?? ''] ?? 400;
  const body = JSON.stringify({ ...problemBody(new Problem('bad-request'), '', ''), status });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
  );
}

const UNREADABLE: Record<string, number> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isDatabaseAway(error)) {
    return new Problem('unavailable', 'The database cannot be reached. Try again in a moment.', {
      retryAfterSeconds: 2,
    });
  }
  if (isRefusedValue(error))
    return new Problem('bad-request', 'A value in it is out of range, or no such time.');
  const status =
    error instanceof HttpException ? error.getStatus() : (error as { statusCode?: number })?.statusCode;
  const code = status === undefined ? undefined : BY_STATUS[status];
  if (code !== undefined && status !== undefined && status < 500)
    return new Problem(code, wordsFor(code, error));
  if (code === 'unavailable') return new Problem('unavailable');
  return new Problem('internal', 'We have written it down. Try again; if it stays, tell us the request_id.');
}

function wordsFor(code: ProblemCode, error: unknown): string {
  const fastify = (error as { code?: string }).code ?? '';
  if (fastify === 'FST_ERR_CTP_EMPTY_JSON_BODY') return 'The body is empty, but the content type says JSON.';
  if (error instanceof SyntaxError || fastify.startsWith('FST_ERR_CTP_INVALID_JSON'))
    return 'The body is not valid JSON.';
  return CATALOGUE[code].title;
}
