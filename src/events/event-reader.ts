import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/index';
import { Problem, type Identity } from '../platform/http/index';
import type { EventDetailDto, EventDto, OwnEventDto } from './events.answers.dto';
import type { EventQueryDto } from './events.dto';
import { listedEvent, ownEvent, publicEvent } from './event-views';
import { EventRepository } from './event.repository';

/** Reading events: what the public sees, and what an organiser sees of their own. */
@Injectable()
export class EventReader {
  constructor(
    private readonly database: Database,
    private readonly events: EventRepository,
  ) {}

  /** Published events by date, the nearest first; at most 500. */
  async list(query: EventQueryDto): Promise<EventDto[]> {
    return (await this.events.published(query)).map(listedEvent);
  }

  /** The events this person organises, drafts too; all of them for an admin. Newest first. */
  async listOwn(me: Identity): Promise<OwnEventDto[]> {
    const events = await this.events.organizedBy(me.role === 'admin' ? undefined : me.userId);
    const paces = await this.paces(events.map((event) => event.id));
    return events.map((event) => ownEvent(event, paces.get(event.id) ?? null));
  }

  /** A published event. Throws `Problem` not-found for a draft, as for an event that does not exist. */
  async get(id: number): Promise<EventDetailDto> {
    const event = await this.events.find(id);
    if (event === null || event.state === 'draft') throw noEvent();
    return publicEvent(event);
  }

  /** An event this person may change. Throws `Problem` not-found for anybody else's, as if it did not exist. */
  async getOwn(id: number, me: Identity): Promise<OwnEventDto> {
    const event = await this.events.find(id);
    if (event === null || (me.role !== 'admin' && event.organizerId !== me.userId)) throw noEvent();
    return ownEvent(event, (await this.paces([id])).get(id) ?? null);
  }

  private async paces(ids: readonly number[]): Promise<Map<number, number | null>> {
    const { rows } = await this.database.query<{ event_id: number; pace: number | null }>(
      `SELECT event_id, pace FROM lines WHERE event_id = ANY ($1)`,
      [ids],
    );
    return new Map(rows.map((row) => [row.event_id, row.pace]));
  }
}

export function noEvent(): Problem {
  return new Problem('not-found', 'There is no such event.');
}
