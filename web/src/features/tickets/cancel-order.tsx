import { Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { cancelOrder } from '../../api';
import type { Order } from '../../server/model';
import { keys } from '../../server/queries';
import { Dialog } from '../../shell/dialog';
import { ProblemNotice } from '../../shell/problem-notice';
import { money, plural } from '../../shell/words';

/** Gives an order back, after saying exactly what is lost by it. */
export function CancelOrder({ order }: { order: Order }) {
  const [asking, { open, close }] = useDisclosure(false);
  const cache = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => cancelOrder({ path: { id: order.id } }),
    onSuccess: () => {
      close();
      notifications.show({
        message: `Cancelled: ${plural(order.quantity, 'ticket')} for ${order.event.name}.`,
      });
      void cache.invalidateQueries({ queryKey: keys.orders });
      void cache.invalidateQueries({ queryKey: keys.order(order.id) });
      void cache.invalidateQueries({ queryKey: keys.event(order.event.id) });
    },
  });
  const tickets = plural(order.quantity, `${order.ticket_type} ticket`);
  const codes = order.tickets.map((ticket) => ticket.code).join(', ');
  return (
    <>
      <Button variant="subtle" color="gray" c="dimmed" onClick={open}>
        Cancel this order
      </Button>
      <Dialog opened={asking} onClose={close} title={`Give back ${tickets}?`}>
        <Text>
          You lose {tickets} for <strong>{order.event.name}</strong> ({codes}
          {order.total_cents > 0 && `, ${money(order.total_cents, order.currency)}`}). The codes stop working
          at once, and the seats go to the people in line. This cannot be undone: to have tickets again, you
          ask again at the end of the line.
        </Text>
        <ProblemNotice error={cancel.error} />
        <Group justify="end" mt="lg">
          <Button variant="default" onClick={close} data-autofocus>
            Keep the tickets
          </Button>
          <Button color="red" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            Give back {tickets}
          </Button>
        </Group>
      </Dialog>
    </>
  );
}
