import { Button, Group, Switch, Text } from '@mantine/core';
import { IconBell, IconBellCheck, IconBellOff } from '@tabler/icons-react';
import { useState } from 'react';
import { notificationState, useSoundReady, useSoundWanted } from './outcome-signal';

/** How the outcome shall reach a person who looks elsewhere. Permission is asked for by the button alone. */
export function TellMe() {
  useSoundReady();
  const [sound, setSound] = useSoundWanted();
  const [permission, setPermission] = useState(notificationState);
  return (
    <Group justify="center" gap="lg">
      <Switch
        label="Sound at the outcome"
        checked={sound}
        onChange={(change) => setSound(change.currentTarget.checked)}
        size="md"
        styles={{ body: { minHeight: 44, alignItems: 'center' } }}
      />
      {permission === 'default' && (
        <Button
          variant="default"
          leftSection={<IconBell size={18} aria-hidden />}
          onClick={() => void Notification.requestPermission().then(setPermission)}
        >
          Notify me
        </Button>
      )}
      {(permission === 'granted' || permission === 'denied') && (
        <Text size="sm" c="dimmed">
          <Group gap={6} component="span">
            {permission === 'granted' ? (
              <IconBellCheck size={18} aria-hidden />
            ) : (
              <IconBellOff size={18} aria-hidden />
            )}
            {permission === 'granted'
              ? 'You will be notified while the page is open'
              : 'Notifications are blocked in your browser'}
          </Group>
        </Text>
      )}
    </Group>
  );
}
