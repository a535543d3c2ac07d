import { Anchor, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconArrowLeft, IconExternalLink } from '@tabler/icons-react';
import { Link, useParams } from 'react-router';
import type { OwnEvent, TicketType } from '../../server/model';
import { Problem } from '../../server/problem';
import { availabilityQuery, ownEventQuery } from '../../server/queries';
import { NotFoundPage } from '../../shell/not-found-page';
import { usePageTitle } from '../../shell/page-title';
import { ProblemNotice } from '../../shell/problem-notice';
import { useNow } from '../../shell/use-now';
import { SaleBadge } from '../events/sale-badge';
import { saleState } from '../events/sale-state';
import { EditEvent } from './edit-event';
import { EditTypes } from './edit-types';
import { LiveLine } from './live-line';
import { SaleSteps } from './sale-steps';
import { SoldFigures } from './sold-figures';
import classes from './organise.module.css';

const SOLD_EVERY_MS = 4_000;

/** One event of one's own: open and close it, steer its line, change it. */
export function ManageEventPage() {
  const id = Number(useParams().eventId);
  const known = Number.isSafeInteger(id) && id > 0;
  const event = useQuery({ ...ownEventQuery(id), enabled: known });
  usePageTitle(event.data === undefined ? 'Manage event' : `Manage ${event.data.name}`);
  if (!known || (event.error instanceof Problem && event.error.status === 404))
    return <NotFoundPage what="event" />;
  if (event.isError) return <ProblemNotice error={event.error} onRetry={() => void event.refetch()} />;
  if (event.isPending) return <Skeleton height={400} aria-label="Loading the event" />;
  return <Shown event={event.data} />;
}

function Shown({ event }: { event: OwnEvent }) {
  const now = useNow(5_000);
  const draft = event.state === 'draft';
  const left = useQuery({
    ...availabilityQuery(event.id),
    enabled: !draft,
    refetchInterval: SOLD_EVERY_MS,
  });
  // Sold goes on while the form is open; what else it holds stays as it was loaded.
  const fresh = new Map(left.data?.ticket_types.map((type) => [type.id, type]));
  const types = event.ticket_types.map((type) => ({ ...type, ...fresh.get(type.id) }));
  return (
    <Stack gap="lg">
      <div>
        <Anchor component={Link} to="/manage" size="sm" py={12} display="inline-block" underline="hover">
          <Group gap={6} component="span" display="inline-flex">
            <IconArrowLeft size={16} aria-hidden /> Your events
          </Group>
        </Anchor>
        <Group justify="space-between" mt={4}>
          <div>
            <Title order={1}>{event.name}</Title>
            <Group gap="xs" mt={6}>
              <SaleBadge event={event} state={saleState(event, now, types)} now={now} />
              <Text c="dimmed">{event.code}</Text>
            </Group>
          </div>
          <Group gap="xs">
            {!draft && (
              <Button
                component={Link}
                to={`/events/${event.id}`}
                variant="default"
                leftSection={<IconExternalLink size={18} aria-hidden />}
              >
                As buyers see it
              </Button>
            )}
            <SaleSteps event={event} />
          </Group>
        </Group>
      </div>
      <div className={classes.columns}>
        <Stack>
          {/* A new version begins a new form, so that nobody saves over what another has changed. */}
          <EditEvent key={`event ${event.version}`} event={event} />
          {event.ticket_types.map((type) => (
            <EditTypes
              key={`${type.id} ${event.version}`}
              event={event}
              type={type}
              sold={soldNow(types, type.id)}
            />
          ))}
        </Stack>
        {draft ? (
          <div className={classes.sheet}>
            <Title order={2}>Line</Title>
            <Text c="dimmed" mt={4}>
              It begins when you open the event.
            </Text>
          </div>
        ) : (
          <Stack>
            <SoldFigures types={types} />
            <LiveLine eventId={event.id} open={event.state === 'open'} />
          </Stack>
        )}
      </div>
    </Stack>
  );
}

function soldNow(types: readonly TicketType[], id: number): number {
  const type = types.find((candidate) => candidate.id === id);
  return type === undefined ? 0 : type.capacity - type.remaining;
}
