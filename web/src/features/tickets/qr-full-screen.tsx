import { Button, Modal, Text } from '@mantine/core';
import type { Order, Ticket } from '../../server/model';
import { QrImage } from './qr-image';
import classes from './tickets.module.css';

/**
 * The QR code as large as the screen, black on white in either colour scheme, with the entry code as the way out.
 * Always there, opened or not: it gives the focus back to what had it before.
 */
export function QrFullScreen({
  order,
  ticket,
  opened,
  onClose,
}: {
  order: Order;
  ticket: Ticket;
  opened: boolean;
  onClose: () => void;
}) {
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      fullScreen
      xOffset={0}
      yOffset={0}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Content className={classes.full}>
        <Modal.Title fw={640} fz="lg" c="#000">
          {order.event.name}
        </Modal.Title>
        <QrImage ticket={ticket} className={classes.qr} />
        <div>
          <div className={classes.entry}>{ticket.entry_code}</div>
          <Text c="#333">
            {ticket.code}, {order.ticket_type}. Turn the brightness up; if it does not scan, say the letters.
          </Text>
        </div>
        <Button onClick={onClose} color="dark.9" data-autofocus>
          Close
        </Button>
      </Modal.Content>
    </Modal.Root>
  );
}
