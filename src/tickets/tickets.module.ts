import { Module } from '@nestjs/common';
import { CheckIn } from './check-in';
import { Orders } from './orders';
import { TicketTokens } from './ticket-tokens';
import { TicketsController } from './tickets.controller';

@Module({
  controllers: [TicketsController],
  providers: [CheckIn, Orders, TicketTokens],
  exports: [Orders, TicketTokens],
})
export class TicketsModule {}
