import { Stack } from '@mantine/core';
import type { Order } from '../../server/model';
import { TicketCard } from './ticket-card';

/** The tickets of an order, one card each. */
export function OrderTickets({ order }: { order: Order }) {
  return (
    <Stack component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
      {order.tickets.map((ticket) => (
        <li key={ticket.id}>
          <TicketCard order={order} ticket={ticket} />
        </li>
      ))}
    </Stack>
  );
}
