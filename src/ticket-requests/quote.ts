import { eta, expectedRate, pollAfterMs, type EventBoard } from '../line/index';
import { waitingIn } from '../shared/position';
import { standingId } from '../shared/standing-id';
import { tierName, VIP, type Tier } from '../shared/tier';
import type { AcceptedDto } from './ticket-requests.dto';

/**
 * The line as it stood when a group was accepted: three numbers from which each member's first answer follows. They are
 * kept with an idempotency key, so that a repeat is answered to the letter.
 */
export interface Quote {
  /** Position = place − offset. */
  readonly lineOffset: number;
  /** VIPs who go before every Regular of the group. Not used for VIPs: all who are ahead of them are VIPs. */
  readonly vipAhead: number;
  readonly perSecond: number | null;
}

export function quoteFor(board: EventBoard, tier: Tier): Quote {
  const own = tier === VIP ? board.vip : board.regular;
  const vipAhead = tier === VIP ? 0 : waitingIn(board.vip);
  return {
    lineOffset: own.servedPlace + own.cancelled.length - vipAhead,
    vipAhead,
    perSecond: expectedRate(board),
  };
}

/** The answer to a request that stands at `place`. */
export function acceptedAnswer(
  ask: { eventId: number; tier: Tier; quantity: number; mark: string },
  place: number,
  quote: Quote,
): AcceptedDto {
  const position = Math.max(1, place - quote.lineOffset);
  const etaSeconds = eta(position, quote.perSecond);
  return {
    request_id: standingId(ask.eventId, ask.tier, place, ask.mark),
    status: 'queued',
    event_id: ask.eventId,
    ticket_type: tierName(ask.tier),
    quantity: ask.quantity,
    place,
    position,
    vip_ahead: ask.tier === VIP ? position - 1 : quote.vipAhead,
    eta_seconds: etaSeconds,
    poll_after_ms: pollAfterMs(etaSeconds),
  };
}
