import { Alert, Anchor, Button, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconCircleCheck, IconDoorExit } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Standing, TicketedEvent } from '../../server/model';
import type { OwnShare } from '../../server/own-share';
import { orderQuery } from '../../server/queries';
import { Message } from '../../shell/message';
import { ProblemNotice } from '../../shell/problem-notice';
import { OrderTickets } from '../tickets/order-tickets';
import type { OutcomeFacts } from './outcome-words';
import { Refused } from './refused';

/** What came of a request, and what to do now. */
export function OutcomePanel(props: {
  standing: Standing;
  event: TicketedEvent | undefined;
  share: OwnShare | undefined;
  facts: OutcomeFacts;
}) {
  const { standing } = props;
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
  return <Refused {...props} />;
}

function Granted({ orderId }: { orderId: string }) {
  const order = useQuery(orderQuery(orderId));
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
            from now on. At the door, show the QR code. It is good for 24 hours and fresh each time you open
            the page: open it on the day.
          </>
        )}
      </Alert>
      <ProblemNotice error={order.error} onRetry={() => void order.refetch()} />
      {order.isPending && <Skeleton height={220} radius={14} aria-label="Loading your tickets" />}
      {order.isSuccess && <OrderTickets order={order.data} />}
    </Stack>
  );
}
