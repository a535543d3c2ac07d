import type { INestApplicationContext } from '@nestjs/common';
import { Database } from '../platform/database/index';
import type { Tier } from '../shared/tier';
import { EXIT, Failure } from './failure';

/** An event as a command speaks of it, with what is on its shelf. */
export interface EventAtHand {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly state: string;
  readonly types: readonly { id: number; name: string; tier: Tier; capacity: number; remaining: number }[];
}

/**
 * Purpose  events with their ticket types
 * $1       event ids, or null for all
 */
const EVENTS = `
  SELECT e.id, e.code, e.name, e.state,
         coalesce((SELECT json_agg(json_build_object('id', t.id, 'name', t.name, 'tier', t.tier,
                                                     'capacity', t.capacity, 'remaining', t.remaining) ORDER BY t.tier)
                     FROM ticket_types t WHERE t.event_id = e.id), '[]') AS types
    FROM events e
   WHERE $1::int[] IS NULL OR e.id = ANY ($1)
   ORDER BY e.id`;

/** Events named in a failure. */
const MOST_NAMED = 5;

export async function findEvents(tixline: INestApplicationContext, ids: readonly number[] | null): Promise<EventAtHand[]> {
  return (await tixline.get(Database).query<EventAtHand>(EVENTS, [ids])).rows;
}

/** The event with this id. Throws `Failure` that names the events there are. */
export async function findEvent(tixline: INestApplicationContext, id: number): Promise<EventAtHand> {
  const [event] = await findEvents(tixline, [id]);
  if (event !== undefined) return event;
  const events = await findEvents(tixline, null);
  if (events.length === 0) {
    throw new Failure('unknown-event', 'There is no event yet. Put the demo event in with tixline seed, or make one in the web client.');
  }
  const named = events.slice(0, MOST_NAMED).map((there) => `${there.id} (${there.name})`);
  const more = events.length > MOST_NAMED ? ` and ${events.length - MOST_NAMED} more` : '';
  throw new Failure('unknown-event', `There is no event ${id}. There is ${named.join(', ')}${more}: name it with --event.`);
}

/** The one event there is, where none was named. Throws `Failure` when there are more. */
export async function onlyEvent(tixline: INestApplicationContext): Promise<EventAtHand> {
  const events = await findEvents(tixline, null);
  if (events.length > 1) throw new Failure('usage', 'There is more than one event: say which with --event.', EXIT.unusable);
  return events[0] ?? findEvent(tixline, 1);
}

/** `EV01 Demo Event`. */
export function nameOf(event: Pick<EventAtHand, 'code' | 'name'>): string {
  return `${event.code} ${event.name}`;
}
