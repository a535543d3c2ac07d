import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconTicketOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Standing, TicketedEvent, TicketType } from '../../server/model';
import { roomLeft, type OwnShare } from '../../server/own-share';
import { availabilityQuery } from '../../server/queries';
import { useNow } from '../../shell/use-now';
import { Message } from '../../shell/message';
import { plural } from '../../shell/words';
import { isSelling, saleState } from '../events/sale-state';
import { outcomeWords, type OutcomeFacts } from './outcome-words';

const EVERY_MS = 8_000;

type Shelf = Pick<TicketType, 'tier' | 'name' | 'remaining'>;

interface Next {
  readonly type: Shelf;
  readonly quantity: number;
  readonly words: string;
}

/** Why a request was refused, and the best that can be asked for instead. */
export function Refused(props: {
  standing: Standing;
  event: TicketedEvent | undefined;
  share: OwnShare | undefined;
  facts: OutcomeFacts;
}) {
  const { standing, event, share, facts } = props;
  const { reason } = standing;
  const again = reason === 'sold_out' || reason === 'limit_reached' || reason === null;
  const left = useQuery({
    ...availabilityQuery(standing.event_id),
    enabled: again,
    refetchInterval: EVERY_MS,
  });
  const now = useNow(5_000);
  const shelves = left.data?.ticket_types;
  const selling = event !== undefined && isSelling(saleState(event, now, shelves));
  const room = roomLeft(facts.limit ?? 1, share);
  const next =
    again && selling && shelves !== undefined ? nextBest(standing, shelves, room, facts.quantity) : undefined;
  const { title, text } = outcomeWords(standing, facts);
  const nothing = shelves !== undefined && reason !== 'limit_reached' && again && next === undefined;
  return (
    <Message
      order={2}
      icon={IconTicketOff}
      color="red"
      title={title}
      text={
        <>
          {text}
          {nothing &&
            room > 0 &&
            ' Nothing is left at the moment; tickets given back show up at the event.'}{' '}
          {next !== undefined && (
            <Text span fw={620} c="var(--mantine-color-text)">
              {next.words}
            </Text>
          )}
        </>
      }
    >
      {next !== undefined && (
        <Button
          component={Link}
          to={`/events/${standing.event_id}?type=${next.type.tier}&quantity=${next.quantity}`}
        >
          Ask for {plural(next.quantity, `${next.type.name} ticket`)}
        </Button>
      )}
      {reason === 'limit_reached' ? (
        <Button component={Link} to="/tickets" variant={next === undefined ? 'filled' : 'default'}>
          See my tickets
        </Button>
      ) : (
        <Button component={Link} to="/" variant="default">
          Other events
        </Button>
      )}
    </Message>
  );
}

/** Fewer of the same if there are any, else the other type: nobody is led to a dearer one without need. */
function nextBest(
  { ticket_type: tier }: Standing,
  shelves: readonly Shelf[],
  room: number,
  asked = 1,
): Next | undefined {
  const type = shelves
    .filter(({ remaining }) => remaining > 0)
    .toSorted((a, b) => Number(b.tier === tier) - Number(a.tier === tier))[0];
  if (type === undefined || room === 0) return undefined;
  const quantity = Math.min(type.remaining, room, asked);
  const left = plural(type.remaining, `${type.name} ticket is`, `${type.name} tickets are`);
  const words =
    room < type.remaining && room < asked
      ? `You can still ask for ${room}.`
      : `${left} left: ask for ${type.remaining === 1 ? 'it' : quantity === 1 ? 'one' : `${quantity}`}.`;
  return { type, quantity, words };
}
