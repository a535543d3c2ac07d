import { User } from './accounts/index.js';
import { Event, TicketType } from './events/index.js';

/** Every table that is read and written as plain records. */
export const ENTITIES = [User, Event, TicketType];
