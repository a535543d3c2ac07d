import { Group, Stack, Text, Title } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { MyRequest } from '../../server/model';
import { eventQuery } from '../../server/queries';
import { TierMark } from '../../shell/tier-mark';
import { count, plural } from '../../shell/words';
import classes from './tickets.module.css';

/** The lines one stands in, each a way back to its waiting page. */
export function WaitingRequests({ requests, title }: { requests: readonly MyRequest[]; title: string }) {
  return (
    <section aria-labelledby="waiting">
      <Title order={2} id="waiting" mb="sm">
        {title}
      </Title>
      <Stack gap="sm">
        {requests.map((request) => (
          <Row key={request.request_id} request={request} />
        ))}
      </Stack>
    </section>
  );
}

function Row({ request }: { request: MyRequest }) {
  const event = useQuery(eventQuery(request.event_id));
  return (
    <Link to={`/requests/${request.request_id}`} className={classes.row}>
      <div style={{ minWidth: 0 }}>
        <Text fw={640}>{event.data?.name ?? `Event ${request.event_id}`}</Text>
        <Group gap={8} mt={4}>
          <TierMark tier={request.ticket_type} />
          <Text size="sm" c="dimmed">
            {plural(request.quantity, 'ticket')}
            {request.vip_ahead > 0 &&
              request.ticket_type === 'Regular' &&
              `, ${plural(request.vip_ahead, 'VIP')} ahead`}
          </Text>
        </Group>
      </div>
      <Group gap={4} wrap="nowrap">
        <div style={{ textAlign: 'end' }}>
          <Text size="xs" c="dimmed">
            place
          </Text>
          <div className={`figures ${classes.number}`}>
            {request.position === null ? '…' : count(request.position)}
          </div>
        </div>
        <IconChevronRight size={20} aria-hidden />
      </Group>
    </Link>
  );
}
