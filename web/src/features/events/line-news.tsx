import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lineQuery } from '../../server/queries';
import { plural } from '../../shell/words';

const EVERY_MS = 8_000;

/** Who waits already, and whether anybody is served at the moment: what one should know before asking. */
export function LineNews({ eventId }: { eventId: number }) {
  const line = useQuery({ ...lineQuery(eventId), refetchInterval: EVERY_MS });
  return (
    <Text size="sm" component="output" c="dimmed">
      {line.data !== undefined && words(line.data.vip.waiting + line.data.regular.waiting, line.data.paused)}
    </Text>
  );
}

function words(waiting: number, paused: boolean): string {
  const many =
    waiting === 0
      ? 'Nobody is waiting: you are next.'
      : `${plural(waiting, 'request is', 'requests are')} waiting in line. VIP requests go first.`;
  return paused
    ? `The organiser has paused the line: nobody is served until it goes on. You can ask, and your place is kept. ${many}`
    : many;
}
