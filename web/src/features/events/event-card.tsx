import { Group, Stack, Text, Title } from '@mantine/core';
import { IconClock, IconMapPin } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { TicketedEvent } from '../../server/model';
import { TicketPaper } from '../../shell/ticket-paper';
import { fromNow, money } from '../../shell/words';
import { clockIn, exactIn, inZone, viewersTime, zoneName } from '../../shell/zones';
import { LeftBar } from './left-bar';
import { SaleBadge } from './sale-badge';
import { saleState, seatsOf } from './sale-state';
import classes from './events.module.css';

/** An event as a ticket: the date on the stub, the rest on the body. The whole card is one link. */
export function EventCard({ event, now }: { event: TicketedEvent; now: number }) {
  const state = saleState(event, now);
  const own = viewersTime(event.starts_at, event.time_zone);
  const gone = state === 'over' || state === 'cancelled';
  return (
    <article className={classes.card}>
      <TicketPaper
        side="start"
        stubWidth="92px"
        stub={<DateStub event={event} now={now} />}
        tone={gone ? 'void' : 'plain'}
      >
        <Stack gap={10} h="100%">
          <Group justify="space-between" gap={6}>
            <SaleBadge event={event} state={state} now={now} />
            <Text size="sm" c="dimmed" className="figures">
              {priceFrom(event)}
            </Text>
          </Group>
          <Title order={2} fz={19} lh={1.25}>
            <Link to={`/events/${event.id}`} className={classes.cover}>
              {event.name}
            </Link>
          </Title>
          {event.venue && (
            <Text size="sm" c="dimmed" className={classes.place}>
              <IconMapPin size={16} aria-hidden /> {event.venue}
            </Text>
          )}
          {own !== undefined && (
            <Text size="sm" c="dimmed" className={classes.place}>
              <IconClock size={16} aria-hidden /> {own} your time
            </Text>
          )}
          <div className={classes.low}>{!gone && <LeftBar {...seatsOf(event.ticket_types)} />}</div>
        </Stack>
      </TicketPaper>
    </article>
  );
}

function DateStub({ event, now }: { event: TicketedEvent; now: number }) {
  const { starts_at: time, time_zone: zone } = event;
  const part = (options: Intl.DateTimeFormatOptions) => inZone(time, zone, options);
  return (
    <time dateTime={time} title={`${exactIn(time, zone)} (${fromNow(time, now)})`} className={classes.date}>
      <span>{part({ weekday: 'short' })}</span>
      <strong className="figures">{part({ day: 'numeric' })}</strong>
      <span>{part({ month: 'short', year: 'numeric' })}</span>
      <span className="figures">
        {clockIn(time, zone)} {zoneName(time, zone)}
      </span>
    </time>
  );
}

function priceFrom({ ticket_types: types }: TicketedEvent): string {
  const cheapest = types.toSorted((a, b) => a.price_cents - b.price_cents)[0];
  if (cheapest === undefined) return '';
  if (cheapest.price_cents === 0) return 'Free';
  return `${types.length > 1 ? 'from ' : ''}${money(cheapest.price_cents, cheapest.currency)}`;
}
