import { Module } from '@nestjs/common';
import { LineModule } from '../line/index';
import { Intake } from './intake';
import { PositionStream } from './position-stream';
import { TicketRequestsController } from './ticket-requests.controller';
import { TicketRequests } from './ticket-requests.service';

@Module({
  imports: [LineModule],
  controllers: [TicketRequestsController],
  providers: [Intake, PositionStream, TicketRequests],
  exports: [TicketRequests],
})
export class TicketRequestsModule {}
