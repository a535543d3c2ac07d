import { Alert, Anchor, Button, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconCircleCheck, IconDoorExit, IconTicketOff } from '@tabler/icons-react';
import { useEffect } from 'react';
import { Link } from 'react-router';
import type { Standing, TicketedEvent } from '../../server/model';
import { availabilityQuery, keys, orderQuery } from '../../server/queries';
import { Message } from '../../shell/message';
import { ProblemNotice } from '../../shell/problem-notice';
import { plural } from '../../shell/words';
import { OrderTickets } from '../tickets/order-tickets';

/** What came of a request, and what to do now. */
export function OutcomePanel({ standing, event }: { standing: Standing; event: TicketedEvent | undefined }) {
  if (standing.status === 'granted') return <Granted orderId={standing.order_id ?? standing.request_id} />;
  if (standing.status === 'cancelled') {
    return (
      <Message
        order={2}
        icon={IconDoorExit}
        color="gray"
        title="You left the line"
        text="Your place went to the next person. You can ask again, at the end of the line."
      >
        <Button component={Link} to={`/events/${standing.event_id}`}>
          Back to the event
        </Button>
      </Message>
    );
  }
  return <Refused standing={standing} event={event} />;
}

/** The outcome in one line, for the title of the page, the notification and the screen reader. */
export function outcomeWords(standing: Standing): { title: string; text: string } {
  if (standing.status === 'granted') return { title: 'The tickets are yours', text: '' };
  if (standing.status === 'cancelled') return { title: 'You left the line', text: '' };
  const type = standing.ticket_type;
  switch (standing.reason) {
    case 'limit_reached':
      return {
        title: 'You hold as many tickets as one person may',
        text: 'With these it would have been more than the limit of this event. The tickets you have stay yours.',
      };
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
      return {
        title: 'Sold out while you waited',
        text: `The last ${type} tickets went to people ahead of you, or fewer were left than you asked for.`,
      };
  }
}

function Refused({ standing, event }: { standing: Standing; event: TicketedEvent | undefined }) {
  const soldOut = standing.reason === 'sold_out' || standing.reason === null;
  const left = useQuery({
    ...availabilityQuery(standing.event_id),
    enabled: soldOut,
    refetchInterval: 8_000,
  });
  const { title, text } = outcomeWords(standing);
  const open = event?.state === 'open';
  const best = open
    ? left.data?.ticket_types
        .toSorted((a) => (a.tier === standing.ticket_type ? 1 : -1))
        .find((type) => type.remaining > 0)
    : undefined;
  return (
    <Message
      order={2}
      icon={IconTicketOff}
      color="red"
      title={title}
      text={<Advice text={text} best={best} soldOut={soldOut} />}
    >
      {best !== undefined && (
        <Button component={Link} to={`/events/${standing.event_id}?type=${best.tier}`}>
          Ask for {best.name}
        </Button>
      )}
      {standing.reason === 'limit_reached' ? (
        <Button component={Link} to="/tickets">
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

function Advice(props: {
  text: string;
  best: { name: string; remaining: number } | undefined;
  soldOut: boolean;
}) {
  if (!props.soldOut) return props.text;
  if (props.best === undefined)
    return `${props.text} Nothing is left at the moment; tickets given back show up at the event.`;
  const { name, remaining } = props.best;
  return (
    <>
      {props.text}{' '}
      <Text span fw={620} c="var(--mantine-color-text)">
        {plural(remaining, `${name} ticket is`, `${name} tickets are`)} left: ask for{' '}
        {remaining === 1 ? 'it' : 'one'}.
      </Text>
    </>
  );
}

function Granted({ orderId }: { orderId: string }) {
  const cache = useQueryClient();
  const order = useQuery(orderQuery(orderId));
  useEffect(() => {
    void cache.invalidateQueries({ queryKey: keys.orders });
    void cache.invalidateQueries({ queryKey: keys.requests });
  }, [cache]);
  const givenBack = order.data?.status === 'cancelled';
  return (
    <Stack>
      <Alert
        color={givenBack ? 'gray' : 'green'}
        icon={<IconCircleCheck aria-hidden />}
        title={givenBack ? 'You got tickets, and gave them back later' : 'The tickets are yours'}
      >
        {givenBack ? (
          'Their codes no longer work.'
        ) : (
          <>
            They are under{' '}
            <Anchor component={Link} to="/tickets" inherit>
              My tickets
            </Anchor>{' '}
            from now on. At the door, show the QR code or say the entry code.
          </>
        )}
      </Alert>
      <ProblemNotice error={order.error} onRetry={() => void order.refetch()} />
      {order.isPending && <Skeleton height={220} radius={14} aria-label="Loading your tickets" />}
      {order.isSuccess && <OrderTickets order={order.data} />}
    </Stack>
  );
}
