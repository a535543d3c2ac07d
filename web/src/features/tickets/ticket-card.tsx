import { Badge, Group, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBan, IconCheck, IconCircleX, IconMapPin, IconQrcode, type Icon } from '@tabler/icons-react';
import type { Order, Ticket } from '../../server/model';
import { TicketPaper } from '../../shell/ticket-paper';
import { TierMark } from '../../shell/tier-mark';
import { EventTime } from '../../shell/event-time';
import { QrFullScreen } from './qr-full-screen';
import { QrImage } from './qr-image';
import classes from './tickets.module.css';

const STATUS: Record<Ticket['status'], [label: string, color: string, icon: Icon]> = {
  not_entered: ['Valid', 'green', IconCheck],
  entered: ['Used', 'gray', IconCheck],
  entry_denied: ['Entry denied', 'red', IconCircleX],
  cancelled: ['Cancelled', 'red', IconBan],
};

/** One ticket: event, type, code, entry code and QR. The door takes the QR alone: touching it shows it large. */
export function TicketCard({ order, ticket }: { order: Order; ticket: Ticket }) {
  const [large, { open, close }] = useDisclosure(false);
  const valid = ticket.status === 'not_entered';
  const [label, color, Picture] = STATUS[ticket.status];
  const { event } = order;
  return (
    <article aria-label={`Ticket ${ticket.code}`}>
      <TicketPaper
        side="end"
        stubWidth="190px"
        folds={valid ? '256px' : '88px'}
        tone={ticket.status === 'cancelled' ? 'void' : 'plain'}
        stub={
          valid ? (
            <UnstyledButton
              className={classes.qrButton}
              onClick={open}
              aria-label={`Show the QR code of ${ticket.code} large`}
            >
              <QrImage ticket={ticket} className={classes.qr} />
              <span className={classes.enlarge}>
                <IconQrcode size={16} aria-hidden /> Show large
              </span>
              <Text size="xs" c="dimmed" component="span">
                Fresh each time you open this page, good for 24 hours
              </Text>
            </UnstyledButton>
          ) : (
            <Stack align="center" gap={4} c="dimmed">
              <Picture size={40} stroke={1.4} aria-hidden />
              <Text size="sm">{label}: no QR code</Text>
            </Stack>
          )
        }
      >
        <Stack gap={10} h="100%">
          <Group gap={6}>
            <TierMark tier={order.ticket_type} />
            <Badge variant="light" color={color} tt="none" leftSection={<Picture size={12} aria-hidden />}>
              {label}
            </Badge>
          </Group>
          <div>
            <Title order={2} fz={20} lh={1.25}>
              {event.name}
            </Title>
            <Text size="sm" c="dimmed" mt={2}>
              <EventTime time={event.starts_at} zone={event.time_zone} />
            </Text>
            {event.venue && (
              <Text size="sm" c="dimmed" className={classes.place}>
                <IconMapPin size={15} aria-hidden /> {event.venue}
              </Text>
            )}
          </div>
          <dl className={classes.codes}>
            <div>
              <dt>Ticket</dt>
              <dd className={`figures ${classes.entry}`} data-void={!valid || undefined}>
                {ticket.code}
              </dd>
            </div>
            <div>
              <dt>Entry code</dt>
              <dd>{ticket.entry_code}</dd>
            </div>
          </dl>
        </Stack>
      </TicketPaper>
      <QrFullScreen order={order} ticket={ticket} opened={large} onClose={close} />
    </article>
  );
}
