import { onlineManager, useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { requestTickets } from '../../api';
import type { TicketedEvent, Tier } from '../../server/model';
import { pause } from '../../server/pause';
import { Problem } from '../../server/problem';
import { keys } from '../../server/queries';
import { serverNow } from '../../server/server-clock';
import { pauseBeforeRetry } from '../../shell/cache';
import { rememberJoining } from '../waiting/joining';
import { answered, keyFor } from './open-ask';
import { opensAt } from './sale-state';

interface Wish {
  readonly event_id: number;
  readonly ticket_type: Tier;
  readonly quantity: number;
}

const MOST_TRIES = 20;
const OPENING_MS = 15_000;

/** The person has told us to stop trying; whether an earlier try got through is not known. */
export class GivenUp extends Error {}

/**
 * Asks for tickets so that one click is one request: every try of it carries the same Idempotency-Key, and the key is kept
 * until the server has given a clear answer. Goes on by itself while the server is busy or the network is away, until told
 * to stop, then leads to the waiting page. `fault` is why the last try of a running ask came to nothing.
 */
export function useAsk(event: TicketedEvent) {
  const navigate = useNavigate();
  const cache = useQueryClient();
  const [fault, setFault] = useState<unknown>();
  const stopper = useRef<AbortController>(undefined);
  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
    };
  }, []);

  const asking = useMutation({
    mutationFn: async (wish: Wish) => {
      const headers = { 'Idempotency-Key': keyFor(wish) };
      const { signal } = (stopper.current = new AbortController());
      for (let failures = 0; ;) {
        try {
          const { data } = await requestTickets({ body: wish, headers, signal });
          answered();
          return data;
        } catch (error) {
          if (signal.aborted) throw new GivenUp();
          const again = mayPass(error, event);
          if (!again) answered();
          if (!again || failures >= MOST_TRIES || gone.current) throw error;
          setFault(error);
          await pause(pauseBeforeRetry(Math.min(failures, 3), error), signal);
          // Without a network no try has been made: that does not use them up.
          if (onlineManager.isOnline()) failures += 1;
        }
      }
    },
    onSuccess: async (accepted) => {
      const { request_id: id, position, quantity } = accepted;
      rememberJoining(id, { position, quantity, joined: true });
      // Whoever has left the page meanwhile finds the request under My tickets.
      if (!gone.current) await navigate(`/requests/${id}`);
    },
    onSettled: () => {
      setFault(undefined);
      void cache.invalidateQueries({ queryKey: keys.requests });
    },
  });
  const stop = () => stopper.current?.abort();
  return { ask: asking.mutate, asking: asking.isPending, error: asking.error, fault, stop };
}

/** True when the same request may be taken a moment later: busy, not reached, still running, or the sale is just opening. */
function mayPass(error: unknown, event: TicketedEvent): boolean {
  if (!(error instanceof Problem)) return false;
  const opening = error.code === 'sale-not-open' && Math.abs(serverNow() - opensAt(event)) < OPENING_MS;
  return error.passing || error.code === 'key-in-use' || opening;
}
