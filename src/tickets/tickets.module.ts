import { Module } from '@nestjs/common';
import { CheckIn } from './check-in.js';
import { Orders } from './orders.js';
import { TicketTokens } from './ticket-tokens.js';
import { TicketsController } from './tickets.controller.js';

@Module({
  controllers: [TicketsController],
  providers: [CheckIn, Orders, TicketTokens],
  exports: [TicketTokens],
})
export class TicketsModule {}
