export { Intake } from './intake.js';
export { TicketRequests } from './ticket-requests.service.js';
export { TicketRequestsModule } from './ticket-requests.module.js';
