export { KeyKeeper } from './key-keeper';
export { TicketRequests } from './ticket-requests.service';
export { TicketRequestsModule } from './ticket-requests.module';
