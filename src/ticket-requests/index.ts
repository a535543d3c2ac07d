export { KeyKeeper } from './key-keeper';
export { Intake } from './intake';
export { TicketRequests } from './ticket-requests.service';
export { TicketRequestsModule } from './ticket-requests.module';
