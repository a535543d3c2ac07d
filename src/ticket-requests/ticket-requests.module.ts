import { Module } from '@nestjs/common';
import { LineModule } from '../line/index.js';
import { Intake } from './intake.js';
import { PositionStream } from './position-stream.js';
import { TicketRequestsController } from './ticket-requests.controller.js';
import { TicketRequests } from './ticket-requests.service.js';

@Module({
  imports: [LineModule],
  controllers: [TicketRequestsController],
  providers: [Intake, PositionStream, TicketRequests],
  exports: [TicketRequests, Intake],
})
export class TicketRequestsModule {}
