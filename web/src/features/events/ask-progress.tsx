import { Button, Group, Text } from '@mantine/core';
import { Problem } from '../../server/problem';
import { useOnline } from '../../shell/connection-banner';

/** Why an ask has not come through yet, that it goes on by itself, and the way out of it. */
export function AskProgress({ fault, onStop }: { fault: unknown; onStop: () => void }) {
  const online = useOnline();
  return (
    <Group justify="space-between" gap="xs">
      <Text size="sm" component="output" style={{ flex: '1 1 220px' }}>
        {reason(fault, online)} Your click counts once.
      </Text>
      <Button variant="default" onClick={onStop}>
        Stop trying
      </Button>
    </Group>
  );
}

function reason(fault: unknown, online: boolean): string {
  if (!online) return 'You are offline. We ask for you as soon as you are back.';
  if (fault instanceof Problem && fault.unreached)
    return 'The server does not answer. We keep trying for you.';
  return 'Very many people are asking right now. We keep trying for you.';
}
