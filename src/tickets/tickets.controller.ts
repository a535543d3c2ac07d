import { Controller, Get, Header, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiProblems, Me, PageDto, Roles, UuidPipe, type Identity } from '../platform/http/index';
import { CheckIn } from './check-in';
import { Orders } from './orders';
import { CheckedInDto, OrderDto, OrdersDto, VerifiedDto } from './tickets.dto';

const uuid = new UuidPipe();

@ApiBearerAuth()
@Controller('api')
export class TicketsController {
  constructor(
    private readonly orders: Orders,
    private readonly checkIns: CheckIn,
  ) {}

  /** Your orders with their tickets, the newest first. */
  @Get('orders')
  @Header('Cache-Control', 'no-store')
  @ApiTags('Tickets')
  @ApiOperation({ operationId: 'listOrders' })
  @ApiProblems('bad-request', 'invalid-body', 'sign-in-required')
  list(@Query() page: PageDto, @Me() me: Identity): Promise<OrdersDto> {
    return this.orders.list(me, page);
  }

  /** One of your orders. */
  @Get('orders/:id')
  @Header('Cache-Control', 'no-store')
  @ApiTags('Tickets')
  @ApiOperation({ operationId: 'getOrder' })
  @ApiProblems('sign-in-required', 'not-found')
  get(@Param('id', uuid) id: string, @Me() me: Identity): Promise<OrderDto> {
    return this.orders.get(id, me);
  }

  /** Give an order back. Its tickets are void at once and its seats go to others. Again: the same answer. */
  @Post('orders/:id/cancel')
  @HttpCode(200)
  @ApiTags('Tickets')
  @ApiOperation({ operationId: 'cancelOrder' })
  @ApiProblems('sign-in-required', 'not-found', 'ticket-used')
  cancel(@Param('id', uuid) id: string, @Me() me: Identity): Promise<OrderDto> {
    return this.orders.cancel(id, me);
  }

  /** The QR code of one of your tickets, with a fresh token. */
  @Get('tickets/:id/qr.svg')
  @ApiTags('Tickets')
  @ApiOperation({ operationId: 'getTicketQr' })
  @ApiOkResponse({ content: { 'image/svg+xml': { schema: { type: 'string' } } } })
  @ApiProblems('sign-in-required', 'not-found')
  async qr(@Param('id', uuid) id: string, @Me() me: Identity, @Res() reply: FastifyReply): Promise<void> {
    const svg = await this.checkIns.qrFor(id, me);
    await reply.header('Cache-Control', 'private, no-store').type('image/svg+xml; charset=utf-8').send(svg);
  }

  /** Look at a ticket: would it be let in? Changes nothing. */
  @Get('tickets/verify/:token')
  @Roles('staff')
  @ApiTags('The door')
  @ApiOperation({ operationId: 'verifyTicket' })
  @ApiProblems('sign-in-required', 'forbidden')
  verify(@Param('token') token: string): Promise<VerifiedDto> {
    return this.checkIns.verify(token);
  }

  /** Let a ticket in. Of any number of scans at once, exactly one is `ok`. */
  @Post('tickets/checkin/:token')
  @HttpCode(200)
  @Roles('staff')
  @ApiTags('The door')
  @ApiOperation({ operationId: 'checkInTicket' })
  @ApiProblems('sign-in-required', 'forbidden')
  checkIn(@Param('token') token: string): Promise<CheckedInDto> {
    return this.checkIns.checkIn(token);
  }
}
