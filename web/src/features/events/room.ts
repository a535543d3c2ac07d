import type { TicketType } from '../../server/model';
import { roomLeft, seats, type OwnShare } from '../../server/own-share';
import { plural } from '../../shell/words';

/** How many tickets can be asked for now, and why not more where that is fewer than the event allows. */
export interface Room {
  readonly most: number;
  readonly why: string | undefined;
}

/** Reckons with what is left, and with what the person holds and waits for. */
export function roomFor(limit: number, type: TicketType, share: OwnShare | undefined): Room {
  const own = roomLeft(limit, share);
  if (type.remaining < own && type.remaining > 0)
    return { most: type.remaining, why: `Only ${plural(type.remaining, `${type.name} ticket`)} left.` };
  if (own === limit || share === undefined) return { most: own, why: undefined };
  const waited = seats(share.waiting);
  const has = [share.held > 0 && `hold ${share.held}`, waited > 0 && `wait for ${waited}`].filter(Boolean);
  const rule = `You ${has.join(' and ')}, and one person may have ${limit}`;
  return { most: own, why: own === 0 ? `${rule}.` : `${rule}: ${own} more.` };
}
