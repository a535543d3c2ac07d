import { Injectable } from '@nestjs/common';
import {
  And,
  ILike,
  LessThan,
  MoreThanOrEqual,
  Not,
  type FindOperator,
  type FindOptionsWhere,
} from 'typeorm';
import { Database } from '../platform/database/index';
import { Problem, type Identity } from '../platform/http/index';
import { Event } from './event.entity';
import type { EventDetailDto, EventDto, OwnEventDto } from './events.answers.dto';
import type { EventQueryDto } from './events.dto';
import { listedEvent, ownEvent, publicEvent } from './event-views';

const MOST_LISTED = 500;

/** Reading events: what the public sees, and what an organiser sees of their own. */
@Injectable()
export class EventReader {
  constructor(private readonly database: Database) {}

  /** Published events by date, the nearest first; at most 500. */
  async list({ q, from, to, state }: EventQueryDto): Promise<EventDto[]> {
    const common: FindOptionsWhere<Event> = { state: state ?? Not('draft'), ...startsWithin(from, to) };
    const word = q?.trim() && ILike(`%${q.trim().replace(/[\\%_]/g, '\\$&')}%`);
    const events = await this.database.repository(Event).find({
      where: word
        ? [
            { ...common, name: word },
            { ...common, venue: word },
          ]
        : common,
      relations: { ticketTypes: true },
      order: { startsAt: 'ASC', id: 'ASC' },
      take: MOST_LISTED,
    });
    return events.map(listedEvent);
  }

  /** The events this person organises, drafts too; all of them for an admin. Newest first. */
  async listOwn(me: Identity): Promise<OwnEventDto[]> {
    const events = await this.database.repository(Event).find({
      where: me.role === 'admin' ? {} : { organizerId: me.userId },
      relations: { ticketTypes: true },
      order: { id: 'DESC' },
      take: MOST_LISTED,
    });
    const paces = await this.paces(events.map((event) => event.id));
    return events.map((event) => ownEvent(event, paces.get(event.id) ?? null));
  }

  /** A published event. Throws `Problem` not-found for a draft, as for an event that does not exist. */
  async get(id: number): Promise<EventDetailDto> {
    const event = await this.find(id);
    if (event === null || event.state === 'draft') throw noEvent();
    return publicEvent(event);
  }

  /** An event this person may change. Throws `Problem` not-found for anybody else's, as if it did not exist. */
  async getOwn(id: number, me: Identity): Promise<OwnEventDto> {
    const event = await this.find(id);
    if (event === null || (me.role !== 'admin' && event.organizerId !== me.userId)) throw noEvent();
    return ownEvent(event, (await this.paces([id])).get(id) ?? null);
  }

  private find(id: number): Promise<Event | null> {
    return this.database.repository(Event).findOne({ where: { id }, relations: { ticketTypes: true } });
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

function startsWithin(from: string | undefined, to: string | undefined): { startsAt?: FindOperator<Date> } {
  if (from !== undefined && to !== undefined)
    return { startsAt: And(MoreThanOrEqual(new Date(from)), LessThan(new Date(to))) };
  if (from !== undefined) return { startsAt: MoreThanOrEqual(new Date(from)) };
  return to === undefined ? {} : { startsAt: LessThan(new Date(to)) };
}
