import { Alert, Button, Group, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconDoorExit } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { cancelTicketRequest } from '../../api';
import { fetchSignedIn } from '../../server/client';
import { keepStanding, keys } from '../../server/queries';
import { ProblemNotice } from '../../shell/problem-notice';
import { plural } from '../../shell/words';

const UNDO_SECONDS = 8;

/**
 * Leaves the line, after a few seconds in which one can still think again. Whoever goes away in them has left: going to
 * another page or closing this one sends it at once.
 */
export function LeaveLine({ requestId }: { requestId: string }) {
  const cache = useQueryClient();
  const [secondsLeft, setSecondsLeft] = useState<number>();
  const leave = useMutation({
    mutationFn: () => cancelNow(requestId),
    onSuccess: (standing) => {
      keepStanding(cache, standing);
      void cache.invalidateQueries({ queryKey: keys.requests });
    },
    onError: () => void cache.invalidateQueries({ queryKey: keys.standing(requestId) }),
  });
  const { mutate } = leave;
  const undo = useRef<HTMLButtonElement>(null);
  const leaving = secondsLeft !== undefined;
  useEffect(() => {
    if (leaving) undo.current?.focus();
  }, [leaving]);
  useEffect(() => {
    if (secondsLeft === undefined) return;
    const timer = setTimeout(() => {
      setSecondsLeft(secondsLeft > 1 ? secondsLeft - 1 : undefined);
      if (secondsLeft <= 1) mutate();
    }, 1_000);
    return () => clearTimeout(timer);
  }, [secondsLeft, mutate]);
  useGoingAway(leaving, mutate);

  if (leaving) {
    return (
      <Alert
        color="amber"
        icon={<IconDoorExit aria-hidden />}
        title={`You leave the line in ${plural(secondsLeft, 'second')}`}
      >
        <Text size="sm" id="leaving">
          Your place then goes to the next person and cannot be had back. If you go to another page or close
          this one, you leave at once.
        </Text>
        <Button mt="sm" ref={undo} aria-describedby="leaving" onClick={() => setSecondsLeft(undefined)}>
          Undo: stay in line
        </Button>
      </Alert>
    );
  }
  return (
    <>
      <ProblemNotice error={leave.error} />
      <Group justify="center">
        <Button
          variant="subtle"
          color="gray"
          c="dimmed"
          loading={leave.isPending}
          onClick={() => setSecondsLeft(UNDO_SECONDS)}
        >
          Leave the line
        </Button>
      </Group>
    </>
  );
}

/** Kept alive, so that the page may go while it is on its way. Doing it twice is the same as once. */
async function cancelNow(id: string) {
  const keepalive = (input: RequestInfo | URL) => fetchSignedIn(new Request(input, { keepalive: true }));
  return (await cancelTicketRequest({ path: { id }, fetch: keepalive })).data;
}

/** Calls `act` when the page, or this part of it, goes away while `armed`. */
function useGoingAway(armed: boolean, act: () => void): void {
  const now = useRef({ armed, act });
  useEffect(() => {
    now.current = { armed, act };
  });
  useEffect(() => {
    const away = () => {
      if (!now.current.armed) return;
      now.current.armed = false;
      now.current.act();
    };
    window.addEventListener('pagehide', away);
    return () => {
      window.removeEventListener('pagehide', away);
      away();
    };
  }, []);
}
