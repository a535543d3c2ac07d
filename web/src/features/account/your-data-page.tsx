import { Button, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconDownload } from '@tabler/icons-react';
import { exportMyData } from '../../api';
import { usePageTitle } from '../../shell/page-title';
import { ProblemNotice } from '../../shell/problem-notice';
import { useSession } from '../../shell/use-session';
import { DeleteAccount } from './delete-account';
import { saveFile } from './save-file';

/** What Tixline keeps about somebody: to take away, and to have deleted. */
export function YourDataPage() {
  usePageTitle('Your data');
  const session = useSession();
  const download = useMutation({
    mutationFn: async () => (await exportMyData({ parseAs: 'blob' })).data as unknown as Blob,
    onSuccess: (file) => saveFile(file, 'tixline-data.json'),
  });
  const person = session.state === 'signed-in' ? session.person : undefined;
  return (
    <Stack gap="xl" maw={640} mx="auto">
      <div>
        <Title order={1}>Your data</Title>
        {person !== undefined && (
          <Text c="dimmed" mt={4}>
            {person.name}, {person.email}
          </Text>
        )}
      </div>
      <Paper p={{ base: 'lg', xs: 'xl' }} radius="lg" withBorder bg="var(--tix-card)">
        <Stack align="start">
          <Title order={2}>Take it with you</Title>
          <Text>
            One file with everything Tixline keeps about you: your account, what you asked for, your orders
            and tickets, and since when you are signed in. It holds no QR codes, so nobody can go in with it.
          </Text>
          <ProblemNotice error={download.error} />
          <Button
            leftSection={<IconDownload size={18} aria-hidden />}
            loading={download.isPending}
            onClick={() => download.mutate()}
          >
            Download my data
          </Button>
          <Text role="status" size="sm" c="dimmed" hidden={!download.isSuccess}>
            {download.isSuccess && 'Downloaded: tixline-data.json.'}
          </Text>
        </Stack>
      </Paper>
      <Paper p={{ base: 'lg', xs: 'xl' }} radius="lg" withBorder bg="var(--tix-card)">
        <Stack align="start">
          <Title order={2}>Delete your account</Title>
          <Text>
            Your name, e-mail and password are erased, your places in line are given up, and your tickets for
            events to come are cancelled. This cannot be undone.
          </Text>
          <DeleteAccount />
        </Stack>
      </Paper>
    </Stack>
  );
}
