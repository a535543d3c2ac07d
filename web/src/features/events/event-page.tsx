import { Alert, Anchor, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconArrowLeft, IconBuilding, IconCalendar, IconUserCheck } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useParams } from 'react-router';
import type { AvailabilityDto } from '../../api';
import type { TicketedEvent } from '../../server/model';
import { Problem } from '../../server/problem';
import { availabilityQuery, eventQuery, keys, requestsQuery } from '../../server/queries';
import { EventTime } from '../../shell/event-time';
import { NotFoundPage } from '../../shell/not-found-page';
import { usePageTitle } from '../../shell/page-title';
import { ProblemNotice } from '../../shell/problem-notice';
import { useNow } from '../../shell/use-now';
import { useSession } from '../../shell/use-session';
import { fromNow, plural } from '../../shell/words';
import { SaleBadge } from './sale-badge';
import { saleState } from './sale-state';
import { TicketOffice } from './ticket-office';
import classes from './events.module.css';

const AVAILABILITY_EVERY_MS = 4_000;

/** One event: what it is, what is left of it this moment, and the way into its line. */
export function EventPage() {
  const id = Number(useParams().eventId);
  const known = Number.isSafeInteger(id) && id > 0;
  const event = useQuery({ ...eventQuery(id), enabled: known });
  usePageTitle(event.data?.name ?? 'Event');
  if (!known || (event.error instanceof Problem && event.error.status === 404))
    return <NotFoundPage what="event" />;
  if (event.isSuccess) return <Shown event={event.data} />;
  if (event.isError) return <ProblemNotice error={event.error} onRetry={() => void event.refetch()} />;
  return (
    <div className={classes.columns} aria-busy="true" aria-label="Loading the event">
      <Stack>
        <Skeleton height={40} width="70%" />
        <Skeleton height={140} />
      </Stack>
      <Skeleton height={360} radius="lg" />
    </div>
  );
}

function Shown({ event: loaded }: { event: TicketedEvent }) {
  const cache = useQueryClient();
  // Polling stops by itself while the page is hidden and starts at once on return.
  const left = useQuery({
    ...availabilityQuery(loaded.id),
    refetchInterval: AVAILABILITY_EVERY_MS,
    refetchOnWindowFocus: 'always',
  });
  const fresh = new Map(left.data?.ticket_types.map((type) => [type.id, type]));
  const event = withSale(loaded, left.data);
  const moved = event !== loaded;
  useEffect(() => {
    if (moved) void cache.invalidateQueries({ queryKey: keys.event(loaded.id), exact: true });
  }, [moved, cache, loaded.id]);
  const types = event.ticket_types.map((type) => ({ ...type, ...fresh.get(type.id) }));
  const now = useNow();
  const state = saleState(event, now, types);
  return (
    <div className={classes.columns}>
      <Stack gap="lg" className={classes.head}>
        <Anchor component={Link} to="/" size="sm" w="fit-content" py={12} my={-12} underline="hover">
          <Group gap={6}>
            <IconArrowLeft size={16} aria-hidden /> All events
          </Group>
        </Anchor>
        <Stack gap="xs">
          <div>
            <SaleBadge event={event} state={state} now={now} />
          </div>
          <Title order={1} fz={{ base: 30, sm: 40 }}>
            {event.name}
          </Title>
        </Stack>
        <Waiting eventId={event.id} />
        <Facts event={event} now={now} />
      </Stack>
      <TicketOffice event={event} types={types} state={state} now={now} stale={left.isError} />
      {event.description && <p className={classes.about}>{event.description}</p>}
    </div>
  );
}

type Sale = Pick<TicketedEvent, 'state' | 'sale_opens_at' | 'sale_closes_at'>;

/** The event with the sale as it stands now: opened early, moved or closed since the event was loaded. */
function withSale(event: TicketedEvent, now: AvailabilityDto | undefined): TicketedEvent {
  if (now === undefined) return event;
  const { sale_opens_at, sale_closes_at } = now;
  const sale: Sale = { state: now.state as TicketedEvent['state'], sale_opens_at, sale_closes_at };
  const same = (Object.keys(sale) as (keyof Sale)[]).every((field) => sale[field] === event[field]);
  return same ? event : { ...event, ...sale };
}

function Facts({ event, now }: { event: TicketedEvent; now: number }) {
  return (
    <dl className={classes.facts}>
      <dt>
        <IconCalendar size={22} aria-label="When" />
      </dt>
      <dd>
        <EventTime time={event.starts_at} until={event.ends_at} zone={event.time_zone} />{' '}
        <Text span c="dimmed">
          ({fromNow(event.starts_at, now)})
        </Text>
      </dd>
      {event.venue && (
        <>
          <dt>
            <IconBuilding size={22} aria-label="Where" />
          </dt>
          <dd>{event.venue}</dd>
        </>
      )}
      <dt>
        <IconUserCheck size={22} aria-label="Limit" />
      </dt>
      <dd>At most {plural(event.max_per_buyer, 'ticket')} per person</dd>
    </dl>
  );
}

/** Leads back to the line for those who are in it already. */
function Waiting({ eventId }: { eventId: number }) {
  const session = useSession();
  const requests = useQuery({ ...requestsQuery(), enabled: session.state === 'signed-in' });
  const queued =
    requests.data?.filter((request) => request.event_id === eventId && request.status === 'queued') ?? [];
  return queued.slice(0, 3).map((request) => (
    <Alert key={request.request_id} color="indigo" title="You are in this line already">
      {plural(request.quantity, 'ticket')}, {request.ticket_type}.{' '}
      <Anchor component={Link} to={`/requests/${request.request_id}`}>
        See your place
      </Anchor>
    </Alert>
  ));
}
