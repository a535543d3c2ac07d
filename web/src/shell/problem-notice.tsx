import { Alert, Button, Text } from '@mantine/core';
import { IconAlertTriangle, IconClockPause, IconWifiOff } from '@tabler/icons-react';
import { problemWords } from './problem-words';
import { Problem } from '../server/problem';

/** Says in words what went wrong with a call and what to do. Shows nothing without an error. */
export function ProblemNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  if (error === null || error === undefined) return null;
  const { title, advice } = problemWords(error);
  const passing = error instanceof Problem && error.passing;
  const Picture = !passing ? IconAlertTriangle : error.unreached ? IconWifiOff : IconClockPause;
  return (
    <Alert color={passing ? 'amber' : 'red'} icon={<Picture aria-hidden />} title={title} role="alert">
      <Text size="sm">{advice}</Text>
      {onRetry !== undefined && (
        <Button variant="default" mt="sm" onClick={onRetry}>
          Try again
        </Button>
      )}
      {error instanceof Problem && error.status >= 500 && error.requestId !== undefined && (
        <Text size="xs" c="dimmed" mt="xs">
          If you write to us, name this number: {error.requestId}
        </Text>
      )}
    </Alert>
  );
}
