import type { Standing } from '../../server/model';
import { ownAhead, roomLeft, seats, type OwnShare } from '../../server/own-share';
import { plural } from '../../shell/words';

/** A request that the limit of its event stands against: for certain, or if one's own requests ahead are granted. */
export interface LimitWarning {
  readonly certain: boolean;
  readonly words: string;
}

/** What the limit of an event says to a request that waits; `undefined` when it is no obstacle. */
export function limitWarning(
  standing: Standing,
  quantity: number | undefined,
  limit: number | undefined,
  share: OwnShare | undefined,
): LimitWarning | undefined {
  if (quantity === undefined || limit === undefined || share === undefined) return undefined;
  const ahead = seats(ownAhead(standing, share));
  if (share.held + ahead + quantity <= limit) return undefined;
  const certain = share.held + quantity > limit;
  const has = [
    share.held > 0 && `You hold ${plural(share.held, 'ticket')}.`,
    ahead > 0 && `You are in line for ${plural(ahead, 'ticket')} ahead of this one.`,
  ];
  const others = share.waiting.filter(({ request_id: id }) => id !== standing.request_id);
  const room = roomLeft(limit, { held: share.held, waiting: others });
  const rule = `With the ${quantity} asked for here it would be more than ${limit}, the most for one person`;
  const then = certain
    ? 'so this request will be refused.'
    : 'so this request is refused if that one is granted.';
  const advice = room > 0 ? `Leave this line and ask for ${room}.` : '';
  return { certain, words: [...has, `${rule}, ${then}`, advice].filter(Boolean).join(' ') };
}
