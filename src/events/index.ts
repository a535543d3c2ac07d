export { Event, TicketType, type EventState } from './event.entity';
export { EventsModule } from './events.module';
