import {
  Alert,
  Badge,
  Button,
  Group,
  NumberInput,
  SimpleGrid,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { steerLine } from '../../api';
import type { Line } from '../../server/model';
import { faultsByField } from '../../server/problem';
import { keys, lineQuery } from '../../server/queries';
import { ProblemNotice } from '../../shell/problem-notice';
import { TierMark } from '../../shell/tier-mark';
import { count } from '../../shell/words';
import classes from './organise.module.css';

const EVERY_MS = 1_500;

/** Who waits now and how fast it goes, with the two handles: pause and pace. */
export function LiveLine({ eventId, open }: { eventId: number; open: boolean }) {
  const cache = useQueryClient();
  const line = useQuery({ ...lineQuery(eventId), refetchInterval: EVERY_MS });
  const steer = useMutation({
    mutationFn: async (body: { pace?: number | null; paused?: boolean }) =>
      (await steerLine({ path: { id: eventId }, body })).data,
    onSuccess: (changed) => cache.setQueryData(keys.line(eventId), changed),
  });
  return (
    <section className={classes.sheet} aria-labelledby="line">
      <Group justify="space-between" mb="sm">
        <Title order={2} id="line">
          Line
        </Title>
        {line.data !== undefined && (
          <LineBadge state={open ? (line.data.paused ? 'Paused' : 'Running') : 'Closed'} />
        )}
      </Group>
      <ProblemNotice
        error={line.error ?? (faultsByField(steer.error).pace === undefined ? steer.error : null)}
      />
      {line.data !== undefined && (
        <Stack>
          <Figures line={line.data} />
          {line.data.paused && (
            <Alert color="amber" icon={<IconPlayerPause aria-hidden />} title="Nobody is served">
              Requests are still taken in and keep their places.
            </Alert>
          )}
          <Button
            variant={line.data.paused ? 'filled' : 'default'}
            loading={steer.isPending && steer.variables.paused !== undefined}
            leftSection={
              line.data.paused ? (
                <IconPlayerPlay size={18} aria-hidden />
              ) : (
                <IconPlayerPause size={18} aria-hidden />
              )
            }
            onClick={() => steer.mutate({ paused: !line.data.paused })}
          >
            {line.data.paused ? 'Resume the line' : 'Pause the line'}
          </Button>
          <Pace
            line={line.data}
            busy={steer.isPending}
            fault={faultsByField(steer.error).pace}
            onSet={(pace) => steer.mutate({ pace })}
          />
        </Stack>
      )}
    </section>
  );
}

const COLOURS = { Running: 'green', Paused: 'amber', Closed: 'gray' } as const;

function LineBadge({ state }: { state: keyof typeof COLOURS }) {
  return (
    <Badge size="lg" tt="none" variant="light" color={COLOURS[state]}>
      {state}
    </Badge>
  );
}

function Figures({ line }: { line: Line }) {
  return (
    <>
      <SimpleGrid cols={2}>
        <div>
          <Text size="sm" c="dimmed">
            Waiting
          </Text>
          <div className={`figures ${classes.figure}`}>{count(line.vip.waiting + line.regular.waiting)}</div>
        </div>
        <div>
          <Text size="sm" c="dimmed">
            Settled per second
          </Text>
          <div className={`figures ${classes.figure}`}>{line.settled_per_second.toFixed(1)}</div>
        </div>
      </SimpleGrid>
      <Table className="figures" aria-label="The line by tier">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Tier</Table.Th>
            <Table.Th ta="end">Waiting</Table.Th>
            <Table.Th ta="end">Served to</Table.Th>
            <Table.Th ta="end">Last</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {(['vip', 'regular'] as const).map((tier) => (
            <Table.Tr key={tier}>
              <Table.Td>
                <TierMark tier={tier === 'vip' ? 'VIP' : 'Regular'} />
              </Table.Td>
              <Table.Td ta="end">{count(line[tier].waiting)}</Table.Td>
              <Table.Td ta="end">{count(line[tier].served_place)}</Table.Td>
              <Table.Td ta="end">{count(line[tier].last_place)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}

function Pace(props: {
  line: Line;
  busy: boolean;
  fault: string | undefined;
  onSet: (pace: number | null) => void;
}) {
  const { line, busy, fault, onSet } = props;
  const [typed, setTyped] = useState<number | string>(line.pace ?? '');
  const wanted = typed === '' ? null : Number(typed);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSet(wanted);
      }}
    >
      <Group align="end" wrap="nowrap">
        <NumberInput
          label="Pace, requests per second"
          description={
            line.pace === null
              ? 'Now: as fast as it goes'
              : `Now: ${count(line.pace)}. Empty: as fast as it goes`
          }
          min={1}
          max={1_000_000}
          allowDecimal={false}
          value={typed}
          onChange={setTyped}
          error={fault}
          style={{ flex: 1 }}
        />
        <Button type="submit" variant="default" disabled={busy || wanted === line.pace}>
          Set
        </Button>
      </Group>
    </form>
  );
}
