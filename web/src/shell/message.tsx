import { Group, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** A page, or a part of one, that has only one thing to say: what is so, and what to do. */
export function Message(props: {
  icon: Icon;
  title: string;
  text: ReactNode;
  color?: string;
  order?: 1 | 2;
  children?: ReactNode;
}) {
  const { icon: Picture, title, text, color = 'indigo', order = 1, children } = props;
  return (
    <Stack align="center" gap="sm" py={48} px="md" maw={520} mx="auto" ta="center">
      <ThemeIcon size={64} radius="xl" variant="light" color={color}>
        <Picture size={34} stroke={1.6} aria-hidden />
      </ThemeIcon>
      <Title order={order} fz={26}>
        {title}
      </Title>
      <Text c="dimmed" component="div">
        {text}
      </Text>
      {children !== undefined && (
        <Group mt="xs" justify="center">
          {children}
        </Group>
      )}
    </Stack>
  );
}
