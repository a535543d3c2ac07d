import { Group, Progress, Text } from '@mantine/core';
import { count } from '../../shell/words';
import { isFew } from './sale-state';

/** What is left as a bar and a number. The number speaks for the bar. */
export function LeftBar({ capacity, remaining }: { capacity: number; remaining: number }) {
  const color = remaining === 0 ? 'gray' : isFew({ capacity, remaining }) ? 'amber' : 'green';
  const share = capacity === 0 ? 0 : (remaining / capacity) * 100;
  return (
    <div>
      <Progress.Root size={6} radius="xl" aria-hidden>
        <Progress.Section value={remaining === 0 ? 0 : Math.max(2, share)} color={color} />
      </Progress.Root>
      <Group justify="space-between" mt={4} gap="xs">
        <Text size="sm" className="figures" fw={560}>
          {remaining === 0 ? 'None left' : `${count(remaining)} left`}
        </Text>
        <Text size="sm" c="dimmed" className="figures">
          of {count(capacity)}
        </Text>
      </Group>
    </div>
  );
}
