import { Button, Modal, Text } from '@mantine/core';
import type { Order, Ticket } from '../../server/model';
import { QrImage } from './qr-image';
import classes from './tickets.module.css';

/** The QR code as large as the screen, black on white in either colour scheme, with the entry code as the way out. */
export function QrFullScreen(props: { order: Order; ticket: Ticket; opened: boolean; onClose: () => void }) {
  const { order, ticket, opened, onClose } = props;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      fullScreen
      withCloseButton={false}
      padding={0}
      transitionProps={{ duration: 120 }}
      aria-label={`QR code of ticket ${ticket.code}`}
    >
      <div className={classes.full}>
        <Text fw={640} c="#000">
          {order.event.name}
        </Text>
        <QrImage ticket={ticket} className={classes.qr} />
        <div>
          <div className={classes.entry}>{ticket.entry_code}</div>
          <Text c="#333">
            {ticket.code}, {order.ticket_type.name}. Turn the brightness up; if it does not scan, say the
            letters.
          </Text>
        </div>
        <Button onClick={onClose} color="dark.9" data-autofocus>
          Close
        </Button>
      </div>
    </Modal>
  );
}
