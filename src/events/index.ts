export { Event, TicketType, type EventState } from './event.entity.js';
export { EventReader, noEvent } from './event-reader.js';
export { Events } from './events.service.js';
export { EventsModule } from './events.module.js';
