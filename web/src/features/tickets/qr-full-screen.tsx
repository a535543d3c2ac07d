import { Button, Modal, Text } from '@mantine/core';
import type { Order, Ticket } from '../../server/model';
import { QrImage } from './qr-image';
import classes from './tickets.module.css';

/**
 * The QR code as large as the screen, black on white in either colour scheme.
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
          <div className={`figures ${classes.entry}`}>{ticket.code}</div>
          <Text c="#333">
            {order.ticket_type}. Turn the brightness up, so that it scans.
            <br />
            Good for 24 hours: open it here again on the day, a picture of it may be too old.
          </Text>
        </div>
        <Button onClick={onClose} color="dark.9" data-autofocus>
          Close
        </Button>
      </Modal.Content>
    </Modal.Root>
  );
}
