export { KeyKeeper } from './key-keeper';
export { leaveEveryLine } from './leave-line';
export { TicketRequests } from './ticket-requests.service';
export { TicketRequestsModule } from './ticket-requests.module';
export { ASK_SCHEMA, MyRequestDto } from './ticket-requests.dto';
