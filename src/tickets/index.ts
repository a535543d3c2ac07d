export { CANCEL_ORDER, DOOR } from './tickets.sql';
export { TicketsModule } from './tickets.module';
