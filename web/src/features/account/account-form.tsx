import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode, SubmitEventHandler } from 'react';

/** The sheet that signing in and signing up share. */
export function AccountForm(props: {
  title: string;
  lead?: string | undefined;
  onSubmit: SubmitEventHandler<HTMLFormElement>;
  foot: ReactNode;
  children: ReactNode;
}) {
  return (
    <Paper maw={440} mx="auto" p={{ base: 'lg', xs: 'xl' }} radius="lg" withBorder bg="var(--tix-card)">
      <form onSubmit={props.onSubmit} noValidate>
        <Stack>
          <div>
            <Title order={1}>{props.title}</Title>
            {props.lead !== undefined && (
              <Text c="dimmed" mt={4}>
                {props.lead}
              </Text>
            )}
          </div>
          {props.children}
          <Text size="sm" ta="center">
            {props.foot}
          </Text>
        </Stack>
      </form>
    </Paper>
  );
}
