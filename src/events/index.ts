export { Event, TicketType, type EventState } from './event.entity';
export { EventReader, noEvent } from './event-reader';
export { Events } from './events.service';
export { EventsModule } from './events.module';
