export { Event, TicketType, type EventState } from './event.entity';
export type { NewEventDto } from './events.dto';
export { EventsModule } from './events.module';
export { insertEvent } from './insert-event';
export { readShelves, type EventShelf } from './shelves';
