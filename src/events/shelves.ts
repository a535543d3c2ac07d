import type { Database } from '../platform/database/index';
import type { Tier } from '../shared/tier';
import type { EventState } from './event.entity';

/** An event with what is on its shelf now. */
export interface EventShelf {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly state: EventState;
  readonly types: readonly { id: number; name: string; tier: Tier; capacity: number; remaining: number }[];
}

/**
 * Purpose  events with their ticket types
 * $1       event ids, or null for all
 */
const SHELVES = `
  SELECT e.id, e.code, e.name, e.state,
         coalesce((SELECT json_agg(json_build_object('id', t.id, 'name', t.name, 'tier', t.tier,
                                                     'capacity', t.capacity, 'remaining', t.remaining) ORDER BY t.tier)
                     FROM ticket_types t WHERE t.event_id = e.id), '[]') AS types
    FROM events e
   WHERE $1::int[] IS NULL OR e.id = ANY ($1)
   ORDER BY e.id`;

/** These events, or all with `null`, drafts too, by id, each as it stands in the database. For operators. */
export async function readShelves(database: Database, ids: readonly number[] | null): Promise<EventShelf[]> {
  return (await database.query<EventShelf>(SHELVES, [ids])).rows;
}
