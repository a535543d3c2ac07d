export { CANCEL_ORDER, DOOR } from './tickets.sql.js';
export { TicketsModule } from './tickets.module.js';
