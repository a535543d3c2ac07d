import { Controller, Get, Header, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Me, Operation, PageDto, UuidPipe, type Identity } from '../platform/http/index';
import { CheckIn } from './check-in';
import { Orders } from './orders';
import { CheckedInDto, OrderDto, OrdersDto, VerifiedDto } from './tickets.dto';

const uuid = new UuidPipe();

@Controller('api')
export class TicketsController {
  constructor(
    private readonly orders: Orders,
    private readonly checkIns: CheckIn,
  ) {}

  /** Your orders with their tickets, the newest first. */
  @Get('orders')
  @Header('Cache-Control', 'no-store')
  @Operation('listOrders', {
    tag: 'Tickets',
    for: 'signed-in',
    problems: ['bad-request', 'invalid-body'],
    next: {
      'id=/items/0/id': ['getOrder', 'cancelOrder'],
      'id=/items/0/tickets/0/id': ['getTicketQr'],
      'token=/items/0/tickets/0/qr_token': ['verifyTicket', 'checkInTicket'],
    },
  })
  list(@Query() page: PageDto, @Me() me: Identity): Promise<OrdersDto> {
    return this.orders.list(me, page);
  }

  /** One of your orders. */
  @Get('orders/:id')
  @Header('Cache-Control', 'no-store')
  @Operation('getOrder', { tag: 'Tickets', for: 'signed-in', problems: ['not-found'] })
  get(@Param('id', uuid) id: string, @Me() me: Identity): Promise<OrderDto> {
    return this.orders.get(id, me);
  }

  /** Give an order back. Its tickets are void at once and its seats go to others. Again: the same answer. */
  @Post('orders/:id/cancel')
  @HttpCode(200)
  @Operation('cancelOrder', { tag: 'Tickets', for: 'signed-in', problems: ['not-found', 'ticket-used'] })
  cancel(@Param('id', uuid) id: string, @Me() me: Identity): Promise<OrderDto> {
    return this.orders.cancel(id, me);
  }

  /** The QR code of one of your tickets, with a fresh token. */
  @Get('tickets/:id/qr.svg')
  @Operation('getTicketQr', { tag: 'Tickets', for: 'signed-in', problems: ['not-found'] })
  @ApiOkResponse({ content: { 'image/svg+xml': { schema: { type: 'string' } } } })
  async qr(@Param('id', uuid) id: string, @Me() me: Identity, @Res() reply: FastifyReply): Promise<void> {
    const svg = await this.checkIns.qrFor(id, me);
    await reply.header('Cache-Control', 'private, no-store').type('image/svg+xml; charset=utf-8').send(svg);
  }

  /** Look at a ticket: would it be let in? Changes nothing. */
  @Get('tickets/verify/:token')
  @Operation('verifyTicket', { tag: 'The door', for: 'staff', problems: ['not-found'] })
  verify(@Param('token') token: string): Promise<VerifiedDto> {
    return this.checkIns.verify(token);
  }

  /** Let a ticket in. Of any number of scans at once, exactly one is `ok`. */
  @Post('tickets/checkin/:token')
  @HttpCode(200)
  @Operation('checkInTicket', { tag: 'The door', for: 'staff', problems: ['not-found'] })
  checkIn(@Param('token') token: string): Promise<CheckedInDto> {
    return this.checkIns.checkIn(token);
  }
}
