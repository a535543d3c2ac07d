import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { IconTicket } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Order } from '../../server/model';
import { ordersQuery, requestsQuery } from '../../server/queries';
import { Message } from '../../shell/message';
import { usePageTitle } from '../../shell/page-title';
import { ProblemNotice } from '../../shell/problem-notice';
import { useNow } from '../../shell/use-now';
import { exactTime, fromNow, money, plural } from '../../shell/words';
import { CancelOrder } from './cancel-order';
import { OrderTickets } from './order-tickets';
import { PastRequests } from './past-requests';
import { WaitingRequests } from './waiting-requests';
import classes from './tickets.module.css';

const REQUESTS_EVERY_MS = 5_000;

/** Everything one waits for and everything one has. */
export function TicketsPage() {
  usePageTitle('My tickets');
  const requests = useQuery({
    ...requestsQuery(),
    refetchInterval: REQUESTS_EVERY_MS,
    refetchOnWindowFocus: 'always',
  });
  const waiting = requests.data?.filter(({ status }) => status === 'queued') ?? [];
  // Somebody who waits may have got tickets meanwhile.
  const orders = useInfiniteQuery({
    ...ordersQuery(),
    refetchInterval: waiting.length > 0 ? REQUESTS_EVERY_MS : false,
  });
  const owned = orders.data?.pages.flatMap((page) => page.items) ?? [];
  const past = requests.data?.filter(({ status }) => status === 'refused' || status === 'cancelled') ?? [];
  const known = requests.isSuccess && orders.isSuccess;
  const empty = known && waiting.length + owned.length + past.length === 0;
  return (
    <Stack gap="xl" maw={760} mx="auto">
      <Title order={1}>My tickets</Title>
      <ProblemNotice error={orders.error ?? requests.error} onRetry={() => void orders.refetch()} />
      {waiting.length > 0 && <WaitingRequests requests={waiting} title="Waiting" />}
      {orders.isPending && <Skeleton height={230} radius={14} aria-label="Loading your tickets" />}
      {owned.length > 0 && (
        <div className={classes.orders}>
          {owned.map((order) => (
            <OrderSection key={order.id} order={order} />
          ))}
        </div>
      )}
      {orders.hasNextPage && (
        <Button
          variant="default"
          loading={orders.isFetchingNextPage}
          onClick={() => void orders.fetchNextPage()}
        >
          Show older orders
        </Button>
      )}
      {past.length > 0 && <PastRequests requests={past} />}
      {empty && (
        <Message
          order={2}
          icon={IconTicket}
          title="No tickets yet"
          text="Once you ask for tickets, your place in line and then the tickets are here."
        >
          <Button component={Link} to="/">
            See the events
          </Button>
        </Message>
      )}
    </Stack>
  );
}

function OrderSection({ order }: { order: Order }) {
  const now = useNow(60_000);
  const cancelled = order.status === 'cancelled';
  const used = order.tickets.some((ticket) => ticket.status === 'entered');
  return (
    <div>
      <Text size="sm" c="dimmed" mb={8}>
        {plural(order.quantity, `${order.ticket_type} ticket`)}
        {`, ${money(order.total_cents, order.currency)}, `}
        <time dateTime={order.created_at} title={exactTime(order.created_at)}>
          {cancelled ? 'given back' : `got ${fromNow(order.created_at, now)}`}
        </time>
      </Text>
      <OrderTickets order={order} />
      {!cancelled && !used && (
        <Group justify="end" mt={4}>
          <CancelOrder order={order} />
        </Group>
      )}
    </div>
  );
}
