import { Button, CloseButton, Group, Skeleton, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCalendarSearch, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { TicketedEvent } from '../../server/model';
import { eventsQuery, requestsQuery } from '../../server/queries';
import { Message } from '../../shell/message';
import { usePageTitle } from '../../shell/page-title';
import { ProblemNotice } from '../../shell/problem-notice';
import { useNow } from '../../shell/use-now';
import { useSession } from '../../shell/use-session';
import { plural } from '../../shell/words';
import { WaitingRequests } from '../tickets/waiting-requests';
import { EventCard } from './event-card';
import { saleState } from './sale-state';
import classes from './events.module.css';

const PLACES_EVERY_MS = 8_000;

/** All events, those one can still go to first. */
export function EventsPage() {
  usePageTitle('Events');
  const [search, setSearch] = useSearchParams();
  const [typed, setTyped] = useState(search.get('q') ?? '');
  const [wanted] = useDebouncedValue(typed.trim(), 250);
  const events = useQuery({
    ...eventsQuery(wanted),
    placeholderData: keepPreviousData,
    refetchInterval: 20_000,
  });
  const now = useNow();

  const type = (words: string) => {
    setTyped(words);
    setSearch(words.trim() === '' ? {} : { q: words.trim() }, { replace: true });
  };

  return (
    <>
      <Group justify="space-between" align="end" mb="lg" gap="md">
        <Title order={1}>Events</Title>
        <TextInput
          type="search"
          aria-label="Search events"
          placeholder="Name or place"
          leftSection={<IconSearch size={18} aria-hidden />}
          rightSection={
            typed !== '' && <CloseButton size={44} aria-label="Clear the search" onClick={() => type('')} />
          }
          value={typed}
          onChange={(change) => type(change.currentTarget.value)}
          w={{ base: '100%', xs: 320 }}
        />
      </Group>
      <YourPlaces />
      <output className="unseen">
        {events.isSuccess && wanted !== '' && `${plural(events.data.length, 'event')} found`}
      </output>
      <ProblemNotice error={events.error} onRetry={() => void events.refetch()} />
      {events.isPending && <Skeletons />}
      {events.isSuccess && events.data.length === 0 && <Nothing search={wanted} onClear={() => type('')} />}
      {events.isSuccess && events.data.length > 0 && (
        <div className={classes.grid}>
          {inOrder(events.data, now).map((event) => (
            <EventCard key={event.id} event={event} now={now} />
          ))}
        </div>
      )}
    </>
  );
}

/** The lines one stands in, for whoever comes back to the start. */
function YourPlaces() {
  const session = useSession();
  const requests = useQuery({
    ...requestsQuery(),
    enabled: session.state === 'signed-in',
    refetchInterval: (query) => (query.state.data?.some(waits) === true ? PLACES_EVERY_MS : false),
  });
  const waiting = session.state === 'signed-in' ? (requests.data?.filter(waits) ?? []) : [];
  if (waiting.length === 0) return null;
  return (
    <div className={classes.places}>
      <WaitingRequests requests={waiting} title="You are in line" />
    </div>
  );
}

const waits = ({ status }: { status: string }) => status === 'queued';

function inOrder(events: readonly TicketedEvent[], now: number): TicketedEvent[] {
  const last = (event: TicketedEvent) => ['over', 'cancelled'].includes(saleState(event, now));
  return events.toSorted(
    (a, b) => Number(last(a)) - Number(last(b)) || Date.parse(a.starts_at) - Date.parse(b.starts_at),
  );
}

function Skeletons() {
  return (
    <div className={classes.grid} aria-busy="true" aria-label="Loading events">
      {[1, 2, 3, 4].map((key) => (
        <Skeleton key={key} height={176} radius={14} />
      ))}
    </div>
  );
}

function Nothing({ search, onClear }: { search: string; onClear: () => void }) {
  if (search === '') {
    return (
      <Message
        order={2}
        icon={IconCalendarSearch}
        title="No events yet"
        text="When an organiser announces one, it stands here."
      />
    );
  }
  return (
    <Message
      order={2}
      icon={IconCalendarSearch}
      title={`Nothing found for “${search}”`}
      text={<Text>Try fewer letters, or look at all events.</Text>}
    >
      <Button variant="default" onClick={onClear}>
        Show all events
      </Button>
    </Message>
  );
}
