import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { MyRequest } from '../../server/model';
import { eventQuery } from '../../server/queries';
import { TierMark } from '../../shell/tier-mark';
import { useNow } from '../../shell/use-now';
import { exactTime, fromNow, plural } from '../../shell/words';
import { shortReason } from '../waiting/outcome-words';
import classes from './tickets.module.css';

const FIRST = 3;

/** Requests that came to nothing, each with its reason and a way to what can be done about it. */
export function PastRequests({ requests }: { requests: readonly MyRequest[] }) {
  const [all, { open }] = useDisclosure(false);
  return (
    <section aria-labelledby="past">
      <Title order={2} id="past" mb="sm">
        Requests without tickets
      </Title>
      <Stack gap="sm">
        {(all ? requests : requests.slice(0, FIRST)).map((request) => (
          <Row key={request.request_id} request={request} />
        ))}
        {!all && requests.length > FIRST && (
          <Button variant="default" onClick={open}>
            Show all {requests.length}
          </Button>
        )}
      </Stack>
    </section>
  );
}

function Row({ request }: { request: MyRequest }) {
  const event = useQuery(eventQuery(request.event_id));
  const now = useNow(60_000);
  return (
    <Link to={`/requests/${request.request_id}`} className={classes.row}>
      <div style={{ minWidth: 0 }}>
        <Text fw={640}>{event.data?.name ?? `Event ${request.event_id}`}</Text>
        <Text size="sm">{shortReason(request)}</Text>
        <Group gap={8} mt={4}>
          <TierMark tier={request.ticket_type} />
          <Text size="sm" c="dimmed">
            {plural(request.quantity, 'ticket')}, asked for{' '}
            <time dateTime={request.created_at} title={exactTime(request.created_at)}>
              {fromNow(request.created_at, now)}
            </time>
          </Text>
        </Group>
      </div>
      <IconChevronRight size={20} aria-hidden style={{ flex: 'none' }} />
    </Link>
  );
}
