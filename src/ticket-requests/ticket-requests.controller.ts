import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  Query,
  Sse,
  type MessageEvent,
} from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiQuery } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import {
  identityOf,
  OF_A_BODY,
  Me,
  Operation,
  PageDto,
  SchemaPipe,
  UuidPipe,
  type Identity,
} from '../platform/http/index';
import { RULES } from '../platform/limits/index';
import { PositionStream } from './position-stream';
import {
  AcceptedDto,
  ASK_SCHEMA,
  AskDto,
  MyRequestsDto,
  PositionDto,
  type Wanted,
} from './ticket-requests.dto';
import { TicketRequests } from './ticket-requests.service';

const askBody = new SchemaPipe<Wanted>(ASK_SCHEMA);
const requestId = new UuidPipe();

@Controller('api')
export class TicketRequestsController {
  constructor(
    private readonly requests: TicketRequests,
    private readonly stream: PositionStream,
  ) {}

  /**
   * Ask for tickets. The answer comes once your request is safe: it has a place in line, and is settled in turn, VIPs
   * before Regulars. Ask for the position as told by poll_after_ms, or listen to its events.
   */
  @Post('ticket-requests')
  @HttpCode(202)
  @Operation('requestTickets', {
    tag: 'The line',
    for: 'signed-in',
    problems: [
      ...OF_A_BODY,
      'not-found',
      'sale-not-open',
      'key-in-use',
      'key-reused',
      'over-limit',
      'no-such-ticket-type',
    ],
    direct: true,
    limits: [RULES.ask, RULES.askFromAddress],
    sends: ['Location', 'Retry-After', 'Idempotent-Replayed'],
    next: {
      'request_id=/request_id': ['getPosition'],
      'id=/request_id': ['getTicketRequest', 'watchTicketRequest', 'cancelTicketRequest'],
    },
  })
  @ApiBody({ type: AskDto })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'A UUID of yours. Sending it again within 24 hours gives the first answer again, and no second request.',
  })
  async ask(request: FastifyRequest, reply: FastifyReply): Promise<AcceptedDto> {
    const key = request.headers['idempotency-key'] as string | undefined;
    const { answer, replayed } = await this.requests.ask(
      askBody.transform(request.body),
      key,
      identityOf(request),
    );
    void reply
      .status(202)
      .header('location', `/api/ticket-requests/${answer.request_id}`)
      .header('retry-after', String(Math.ceil(answer.poll_after_ms / 1_000)));
    if (replayed) void reply.header('idempotent-replayed', 'true');
    return answer;
  }

  /** Where do I stand? Cheap however many wait: ask as often as poll_after_ms says. */
  @Get('queue/position')
  @Operation('getPosition', { tag: 'The line', for: 'signed-in', problems: ['not-found'], direct: true })
  @ApiOkResponse({ type: PositionDto })
  @ApiQuery({ name: 'request_id', type: String, format: 'uuid' })
  position(
    request: FastifyRequest<{ Querystring: { request_id: unknown } }>,
  ): PositionDto | Promise<PositionDto> {
    return this.requests.position(requestId.transform(request.query.request_id), identityOf(request));
  }

  /** Your requests, the newest first. */
  @Get('ticket-requests')
  @Operation('listMyRequests', {
    tag: 'The line',
    for: 'signed-in',
    problems: ['bad-request', 'invalid-body'],
    next: { 'id=/items/0/request_id': ['getTicketRequest', 'cancelTicketRequest'] },
  })
  list(@Query() page: PageDto, @Me() me: Identity): Promise<MyRequestsDto> {
    return this.requests.list(me, page);
  }

  /** One of your requests, as /api/queue/position answers. */
  @Get('ticket-requests/:id')
  @Operation('getTicketRequest', { tag: 'The line', for: 'signed-in', problems: ['not-found'] })
  @ApiOkResponse({ type: PositionDto })
  get(@Param('id', requestId) id: string, @Me() me: Identity): PositionDto | Promise<PositionDto> {
    return this.requests.position(id, me);
  }

  /** Leave the line. Doing it again gives the same answer. */
  @Delete('ticket-requests/:id')
  @Operation('cancelTicketRequest', {
    tag: 'The line',
    for: 'signed-in',
    problems: ['not-found', 'already-settled'],
  })
  cancel(@Param('id', requestId) id: string, @Me() me: Identity): Promise<PositionDto> {
    return this.requests.cancel(id, me);
  }

  /**
   * Server-Sent Events: the position at each change, ending with the outcome. Send the token as for every call. One
   * account may have 20 open at each server: 429 from there on, until one of them ends.
   */
  @Sse('ticket-requests/:id/events')
  @Operation('watchTicketRequest', { tag: 'The line', for: 'signed-in', problems: ['not-found'] })
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  events(@Param('id', requestId) id: string, @Me() me: Identity): Promise<Observable<MessageEvent>> {
    return this.stream.open(id, me);
  }
}
