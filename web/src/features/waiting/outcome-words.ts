import type { Standing } from '../../server/model';

/** What is known of a buyer besides the outcome itself; the more, the exacter the words. */
export interface OutcomeFacts {
  readonly quantity?: number | undefined;
  readonly held?: number | undefined;
  readonly limit?: number | undefined;
}

/** The outcome in one line and a reason, for the page, its title, the notification and the screen reader. */
export function outcomeWords(
  { status, reason, ticket_type: type }: Pick<Standing, 'status' | 'reason' | 'ticket_type'>,
  facts: OutcomeFacts = {},
): { title: string; text: string } {
  if (status === 'granted') return { title: 'The tickets are yours', text: '' };
  if (status === 'cancelled') return { title: 'You left the line', text: '' };
  switch (reason) {
    case 'limit_reached':
      return limitWords(facts);
    case 'sale_closed':
      return {
        title: 'The sale was closed while you waited',
        text: 'The organiser ended it before your turn. Nothing is charged.',
      };
    case 'event_cancelled':
      return {
        title: 'The event was cancelled',
        text: 'No tickets are given out any more. Nothing is charged.',
      };
    default:
      return (facts.quantity ?? 1) > 1
        ? {
            title: 'Fewer were left than you asked for',
            text: `You asked for ${facts.quantity} ${type} tickets together. At your turn there were not that many.`,
          }
        : {
            title: 'Sold out while you waited',
            text: `The last ${type} tickets went to people ahead of you.`,
          };
  }
}

function limitWords({ quantity, held, limit }: OutcomeFacts): { title: string; text: string } {
  if (held === undefined || limit === undefined || quantity === undefined) {
    return {
      title: 'More than one person may hold',
      text: 'With these it would have been more than the limit of this event. The tickets you have stay yours.',
    };
  }
  if (held >= limit) {
    return {
      title: 'You hold as many tickets as one person may',
      text: `You have ${held}, and ${limit} is the most for this event. The tickets you have stay yours.`,
    };
  }
  const has = held === 0 ? 'You hold none now' : `You hold ${held} now`;
  return {
    title: 'More than one person may hold',
    text: `${has}, asked for ${quantity} more, and at your turn that was above ${limit}, the most for one person. The tickets you have stay yours.`,
  };
}

/** The reason in a few words, for a list. */
export function shortReason({ status, reason }: Pick<Standing, 'status' | 'reason'>): string {
  if (status === 'cancelled') return 'You left the line';
  if (reason === 'limit_reached') return 'Refused: above the limit for one person';
  if (reason === 'sale_closed') return 'Refused: the sale was closed';
  if (reason === 'event_cancelled') return 'Refused: the event was cancelled';
  return 'Refused: too few were left';
}
