import { Group, Stack, Text, Title } from '@mantine/core';
import { IconMapPin } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { TicketedEvent } from '../../server/model';
import { TicketPaper } from '../../shell/ticket-paper';
import { exactTime, fromNow, money, timeOfDay } from '../../shell/words';
import { LeftBar } from './left-bar';
import { SaleBadge } from './sale-badge';
import { saleState, seatsOf } from './sale-state';
import classes from './events.module.css';

const part = (options: Intl.DateTimeFormatOptions, time: string) =>
  new Intl.DateTimeFormat('en-GB', options).format(new Date(time));

/** An event as a ticket: the date on the stub, the rest on the body. The whole card is one link. */
export function EventCard({ event, now }: { event: TicketedEvent; now: number }) {
  const state = saleState(event, now);
  const gone = state === 'over' || state === 'cancelled';
  return (
    <article className={classes.card}>
      <TicketPaper
        side="start"
        stubWidth="92px"
        stub={<DateStub time={event.starts_at} now={now} />}
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
          <div className={classes.low}>{!gone && <LeftBar {...seatsOf(event.ticket_types)} />}</div>
        </Stack>
      </TicketPaper>
    </article>
  );
}

function DateStub({ time, now }: { time: string; now: number }) {
  return (
    <time dateTime={time} title={`${exactTime(time)} (${fromNow(time, now)})`} className={classes.date}>
      <span>{part({ weekday: 'short' }, time)}</span>
      <strong className="figures">{part({ day: 'numeric' }, time)}</strong>
      <span>{part({ month: 'short', year: 'numeric' }, time)}</span>
      <span className="figures">{timeOfDay(time)}</span>
    </time>
  );
}

function priceFrom({ ticket_types: types }: TicketedEvent): string {
  const cheapest = types.toSorted((a, b) => a.price_cents - b.price_cents)[0];
  if (cheapest === undefined) return '';
  if (cheapest.price_cents === 0) return 'Free';
  return `${types.length > 1 ? 'from ' : ''}${money(cheapest.price_cents, cheapest.currency)}`;
}
