import { Anchor, Button, Group, Skeleton, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconCalendarPlus, IconPlus } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { OwnEvent } from '../../server/model';
import { ownEventsQuery } from '../../server/queries';
import { Message } from '../../shell/message';
import { usePageTitle } from '../../shell/page-title';
import { ProblemNotice } from '../../shell/problem-notice';
import { useNow } from '../../shell/use-now';
import { EventTime } from '../../shell/event-time';
import { count } from '../../shell/words';
import { SaleBadge } from '../events/sale-badge';
import { saleState, seatsOf } from '../events/sale-state';
import classes from './organise.module.css';

/** The organiser's own events: what sells and what does not. */
export function ManagePage() {
  usePageTitle('Manage events');
  const events = useQuery({ ...ownEventsQuery(), refetchInterval: 10_000 });
  const now = useNow(5_000);
  return (
    <>
      <Group justify="space-between" mb="lg">
        <Title order={1}>Your events</Title>
        <Button component={Link} to="/manage/events/new" leftSection={<IconPlus size={18} aria-hidden />}>
          New event
        </Button>
      </Group>
      <ProblemNotice error={events.error} onRetry={() => void events.refetch()} />
      {events.isPending && <Skeleton height={240} aria-label="Loading your events" />}
      {events.isSuccess && events.data.length === 0 && (
        <Message
          order={2}
          icon={IconCalendarPlus}
          title="No events yet"
          text="Make the first one. It stays a draft until you open it."
        />
      )}
      {events.isSuccess && events.data.length > 0 && (
        <Table className={classes.table} verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Event</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th ta="end">Sold</Table.Th>
              <Table.Th>Begins</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {events.data.map((event) => (
              <Row key={event.id} event={event} now={now} />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </>
  );
}

function Row({ event, now }: { event: OwnEvent; now: number }) {
  const { capacity, remaining } = seatsOf(event.ticket_types);
  return (
    <Table.Tr>
      <Table.Td data-label="Event">
        <Anchor
          component={Link}
          to={`/manage/events/${event.id}`}
          fw={600}
          underline="hover"
          className={classes.name}
        >
          {event.name}
        </Anchor>
        <Text size="sm" c="dimmed">
          {event.code}
        </Text>
      </Table.Td>
      <Table.Td data-label="State">
        <SaleBadge event={event} state={saleState(event, now)} now={now} />
      </Table.Td>
      <Table.Td data-label="Sold" className="figures" ta={{ sm: 'end' }}>
        {count(capacity - remaining)} of {count(capacity)}
      </Table.Td>
      <Table.Td data-label="Begins" className="figures">
        <EventTime time={event.starts_at} zone={event.time_zone} />
      </Table.Td>
    </Table.Tr>
  );
}
