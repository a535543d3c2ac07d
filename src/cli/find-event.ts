import type { INestApplicationContext } from '@nestjs/common';
import { readShelves, type EventShelf } from '../events/index';
import { Database } from '../platform/database/index';
import { EXIT, Failure } from './failure';

/** Events named in a failure. */
const MOST_NAMED = 5;

/** These events, or all with `null`. */
export function findEvents(
  tixline: INestApplicationContext,
  ids: readonly number[] | null,
): Promise<EventShelf[]> {
  return readShelves(tixline.get(Database), ids);
}

/** The event with this id. Throws `Failure` that names the events there are. */
export async function findEvent(tixline: INestApplicationContext, id: number): Promise<EventShelf> {
  const [event] = await findEvents(tixline, [id]);
  if (event !== undefined) return event;
  const events = await findEvents(tixline, null);
  if (events.length === 0) {
    throw new Failure(
      'unknown-event',
      'There is no event yet. Put the demo event in with tixline seed, or make one in the web client.',
    );
  }
  const named = events.slice(0, MOST_NAMED).map((there) => `${there.id} (${there.name})`);
  const more = events.length > MOST_NAMED ? ` and ${events.length - MOST_NAMED} more` : '';
  throw new Failure(
    'unknown-event',
    `There is no event ${id}. There is ${named.join(', ')}${more}: name it with --event.`,
  );
}

/** The one event there is, where none was named. Throws `Failure` when there are more. */
export async function onlyEvent(tixline: INestApplicationContext): Promise<EventShelf> {
  const events = await findEvents(tixline, null);
  if (events.length > 1)
    throw new Failure('usage', 'There is more than one event: say which with --event.', EXIT.unusable);
  return events[0] ?? findEvent(tixline, 1);
}

/** `EV01 Demo Event`. */
export function nameOf(event: Pick<EventShelf, 'code' | 'name'>): string {
  return `${event.code} ${event.name}`;
}
