export { KeyKeeper } from './key-keeper';
export { TicketRequests } from './ticket-requests.service';
export { TicketRequestsModule } from './ticket-requests.module';
export { ASK_SCHEMA } from './ticket-requests.dto';
