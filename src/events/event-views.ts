import { tierName } from '../shared/tier';
import type { Event, TicketType } from './event.entity';
import type { EventDetailDto, EventDto, OwnEventDto, TicketTypeDto } from './events.answers.dto';

/** What everybody may see in a list. */
export function listedEvent(event: Event): EventDto {
  return {
    id: event.id,
    code: event.code,
    name: event.name,
    starts_at: event.startsAt.toISOString(),
    ends_at: event.endsAt?.toISOString() ?? null,
    time_zone: event.timeZone,
    venue: event.venue,
    mode: event.mode,
    state: event.state,
    sale_opens_at: event.saleOpensAt?.toISOString() ?? null,
    sale_closes_at: event.saleClosesAt?.toISOString() ?? null,
    max_per_buyer: event.maxPerBuyer,
    ticket_types: event.ticketTypes.toSorted((a, b) => a.tier - b.tier).map(ticketType),
  };
}

/** What everybody may see on the event's own page. */
export function publicEvent(event: Event): EventDetailDto {
  return { ...listedEvent(event), description: event.description };
}

/** What the organiser sees. */
export function ownEvent(event: Event, pace: number | null): OwnEventDto {
  return {
    ...publicEvent(event),
    private_notes: event.privateNotes,
    entry_code_length: event.entryCodeLength,
    door: event.door,
    pace,
    version: event.version,
  };
}

function ticketType(type: TicketType): TicketTypeDto {
  return {
    id: type.id,
    name: type.name,
    tier: tierName(type.tier),
    capacity: type.capacity,
    remaining: type.remaining,
    price_cents: type.priceCents,
    currency: type.currency,
  };
}
