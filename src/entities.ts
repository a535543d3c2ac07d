import { User } from './accounts/index';
import { Event, TicketType } from './events/index';

/** Every table that is read and written as plain records. */
export const ENTITIES = [User, Event, TicketType];
