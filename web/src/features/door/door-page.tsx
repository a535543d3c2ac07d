import { Button, Stack, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router';
import { checkInTicket, verifyTicket } from '../../api';
import { usePageTitle } from '../../shell/page-title';
import { ProblemNotice } from '../../shell/problem-notice';
import { ScanResult } from './scan-result';
import { ticketToken } from './ticket-token';

/** Check-in by code: look at the ticket first, then let its holder in. The field is always ready for the next one. */
export function DoorPage() {
  usePageTitle('Door');
  const carried = (useLocation().state as { token?: string } | null)?.token ?? '';
  const [text, setText] = useState(carried);
  const field = useRef<HTMLInputElement>(null);
  const verify = useMutation({
    mutationFn: async (token: string) => ({ token, ...(await verifyTicket({ path: { token } })).data }),
  });
  const checkIn = useMutation({
    mutationFn: async (token: string) => (await checkInTicket({ path: { token } })).data,
    onSettled: () => {
      setText('');
      field.current?.focus();
    },
  });

  const look = (token: string) => {
    if (token === '') return;
    checkIn.reset();
    verify.mutate(token);
  };
  const { mutate: first } = verify;
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    if (carried !== '') first(carried);
  }, [carried, first]);
  const seen = verify.data;
  return (
    <Stack maw={560} mx="auto">
      <Title order={1}>Door</Title>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          look(ticketToken(text));
        }}
      >
        <Stack gap="sm">
          <TextInput
            ref={field}
            label="Code of the ticket"
            description="Scan the QR code with a hand scanner, or paste the link it holds. Entry codes and ticket numbers do not work here."
            size="lg"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            value={text}
            onChange={(change) => setText(change.currentTarget.value)}
          />
          <Button
            type="submit"
            size="lg"
            variant={seen?.valid === true && checkIn.data === undefined ? 'default' : 'filled'}
            loading={verify.isPending}
          >
            Look at the ticket
          </Button>
        </Stack>
      </form>
      <ProblemNotice error={checkIn.error ?? verify.error} onRetry={() => look(ticketToken(text))} />
      <div aria-live="polite">{seen !== undefined && <ScanResult seen={seen} entered={checkIn.data} />}</div>
      {seen?.valid === true && checkIn.data === undefined && (
        <Button
          size="xl"
          color="green"
          loading={checkIn.isPending}
          onClick={() => checkIn.mutate(seen.token)}
        >
          Check in
        </Button>
      )}
    </Stack>
  );
}
