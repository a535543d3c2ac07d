import { Body, Controller, Get, HttpCode, NotFoundException, Param, Post, UseGuards } from '@nestjs/common';
import { AuthGuard, UserId } from './auth.guard';
import { RequestTicketsDto } from './tickets.dto';
import { TicketQueue } from './ticket-queue';

@Controller('tickets')
@UseGuards(AuthGuard)
export class TicketsController {
  constructor(private readonly queue: TicketQueue) {}

  @Post()
  @HttpCode(202)
  async request(@Body() body: RequestTicketsDto, @UserId() userId: number) {
    const requestId = await this.queue.add(body, userId);
    return { request_id: requestId, status: 'queued', ...body };
  }

  @Get(':id/position')
  async position(@Param('id') id: string, @UserId() userId: number) {
    const position = await this.queue.position(id, userId);
    if (position === undefined) throw new NotFoundException();
    return { request_id: id, position };
  }
}
