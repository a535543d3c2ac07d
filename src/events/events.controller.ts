import { Body, Controller, Get, Headers, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { IdPipe, Me, Operation, Problem, type Identity } from '../platform/http/index';
import { EventReader } from './event-reader';
import { EventDetailDto, EventDto, OwnEventDto } from './events.answers.dto';
import { EventQueryDto, NewEventDto, PatchEventDto, PatchTicketTypeDto } from './events.dto';
import { Events } from './events.service';

const IF_MATCH = {
  name: 'If-Match',
  required: false,
  description: 'The ETag you last saw: 412 when it has moved on',
};

const OF_A_STEP = ['not-found', 'wrong-state', 'version-conflict'] as const;

@Controller('api/events')
export class EventsController {
  constructor(
    private readonly reader: EventReader,
    private readonly events: Events,
  ) {}

  /** Published events, the nearest first. */
  @Get()
  @Operation('listEvents', {
    tag: 'Events',
    for: 'everyone',
    problems: ['invalid-body'],
    next: { 'id=/0/id': ['getEvent', 'getLine'], 'event_id=/0/id': ['getAvailability'] },
  })
  list(@Query() query: EventQueryDto): Promise<EventDto[]> {
    return this.reader.list(query);
  }

  /** The events you organise, drafts too; all events for an admin. */
  @Get('mine')
  @Operation('listMyEvents', { tag: 'Organising', for: 'organizer' })
  mine(@Me() me: Identity): Promise<OwnEventDto[]> {
    return this.reader.listOwn(me);
  }

  /** One of your events, with everything you may change and its ETag. */
  @Get('mine/:id')
  @Operation('getMyEvent', { tag: 'Organising', for: 'organizer', problems: ['not-found'], sends: ['ETag'] })
  async getMine(
    @Param('id', IdPipe) id: number,
    @Me() me: Identity,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OwnEventDto> {
    return tagged(await this.reader.getOwn(id, me), reply);
  }

  /** One published event. */
  @Get(':id')
  @Operation('getEvent', { tag: 'Events', for: 'everyone', problems: ['not-found'] })
  get(@Param('id', IdPipe) id: number): Promise<EventDetailDto> {
    return this.reader.get(id);
  }

  /** Make an event. It begins as a draft that nobody else sees; open it to publish it and start its sale. */
  @Post()
  @Operation('createEvent', {
    tag: 'Organising',
    for: 'organizer',
    sends: ['Location', 'ETag'],
    next: { 'id=/id': ['getMyEvent', 'updateEvent', 'openEvent', 'steerLine'] },
  })
  async create(
    @Body() body: NewEventDto,
    @Me() me: Identity,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OwnEventDto> {
    const event = await this.events.create(body, me);
    void reply.header('Location', `/api/events/${event.id}`);
    return tagged(event, reply);
  }

  /** Change an event. What is not given stays. */
  @Patch(':id')
  @Operation('updateEvent', {
    tag: 'Organising',
    for: 'organizer',
    problems: ['not-found', 'wrong-state', 'limit-below-held', 'version-conflict'],
    sends: ['ETag'],
  })
  @ApiHeader(IF_MATCH)
  async patch(
    @Param('id', IdPipe) id: number,
    @Body() body: PatchEventDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Me() me: Identity,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OwnEventDto> {
    return tagged(await this.events.patch(id, body, versionOf(ifMatch), me), reply);
  }

  /** Change a ticket type: its name, price or capacity. */
  @Patch(':id/ticket-types/:tid')
  @Operation('updateTicketType', {
    tag: 'Organising',
    for: 'organizer',
    problems: ['not-found', 'capacity-below-sold', 'version-conflict'],
    sends: ['ETag'],
  })
  @ApiHeader(IF_MATCH)
  async patchType(
    @Param('id', IdPipe) id: number,
    @Param('tid', IdPipe) typeId: number,
    @Body() body: PatchTicketTypeDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Me() me: Identity,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OwnEventDto> {
    return tagged(await this.events.patchType(id, typeId, body, versionOf(ifMatch), me), reply);
  }

  /** Publish a draft, or go on with a closed sale. Requests are taken at once, or from sale_opens_at. */
  @Post(':id/open')
  @HttpCode(200)
  @Operation('openEvent', {
    tag: 'Organising',
    for: 'organizer',
    problems: OF_A_STEP,
    sends: ['ETag'],
    // Only now is it there for everybody.
    next: { 'id=/id': ['getEvent', 'getLine', 'closeEvent'], 'event_id=/id': ['getAvailability'] },
  })
  @ApiHeader(IF_MATCH)
  async open(
    @Param('id', IdPipe) id: number,
    @Headers('if-match') ifMatch: string | undefined,
    @Me() me: Identity,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OwnEventDto> {
    return tagged(await this.events.step(id, 'open', versionOf(ifMatch), me), reply);
  }

  /** End the sale. Requests still waiting are refused with `sale_closed`. */
  @Post(':id/close')
  @HttpCode(200)
  @Operation('closeEvent', { tag: 'Organising', for: 'organizer', problems: OF_A_STEP, sends: ['ETag'] })
  @ApiHeader(IF_MATCH)
  async close(
    @Param('id', IdPipe) id: number,
    @Headers('if-match') ifMatch: string | undefined,
    @Me() me: Identity,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OwnEventDto> {
    return tagged(await this.events.step(id, 'close', versionOf(ifMatch), me), reply);
  }
}

function tagged(event: OwnEventDto, reply: FastifyReply): OwnEventDto {
  void reply.header('ETag', `"${event.version}"`);
  return event;
}

/** The version that an If-Match header names; `undefined` without one or for `*`. */
function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch === '*') return undefined;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(ifMatch)?.[1];
  if (version === undefined)
    throw new Problem('version-conflict', 'If-Match must be an ETag that this event gave.');
  return Number(version);
}
