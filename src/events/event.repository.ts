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
import { Event } from './event.entity';
import type { EventQueryDto } from './events.dto';

const MOST_LISTED = 500;

/** Finds events, with their ticket types, in their table. */
@Injectable()
export class EventRepository {
  constructor(private readonly database: Database) {}

  /** Published events that fit the question, by date, the nearest first; at most 500. */
  published({ q, from, to, state }: EventQueryDto): Promise<Event[]> {
    const common: FindOptionsWhere<Event> = { state: state ?? Not('draft'), ...startsWithin(from, to) };
    const word = q?.trim() && ILike(`%${q.trim().replace(/[\\%_]/g, '\\$&')}%`);
    return this.database.repository(Event).find({
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
  }

  /** The events of one organiser, or of all with `undefined`, drafts too; newest first, at most 500. */
  organizedBy(organizerId: number | undefined): Promise<Event[]> {
    return this.database.repository(Event).find({
      where: organizerId === undefined ? {} : { organizerId },
      relations: { ticketTypes: true },
      order: { id: 'DESC' },
      take: MOST_LISTED,
    });
  }

  find(id: number): Promise<Event | null> {
    return this.database.repository(Event).findOne({ where: { id }, relations: { ticketTypes: true } });
  }
}

function startsWithin(from: string | undefined, to: string | undefined): { startsAt?: FindOperator<Date> } {
  if (from !== undefined && to !== undefined)
    return { startsAt: And(MoreThanOrEqual(new Date(from)), LessThan(new Date(to))) };
  if (from !== undefined) return { startsAt: MoreThanOrEqual(new Date(from)) };
  return to === undefined ? {} : { startsAt: LessThan(new Date(to)) };
}
