import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { readEventStream } from '../../server/event-stream';
import type { Standing } from '../../server/model';
import { pause } from '../../server/pause';
import { Problem } from '../../server/problem';
import { keepStanding } from '../../server/queries';

const LONGEST_PAUSE_MS = 30_000;

/**
 * Keeps the request's position up to date by Server-Sent Events while `wanted`. Answers whether the stream stands;
 * while it does not, the page polls. One tab per request holds the stream, the next takes over when it goes:
 * a browser allows only a handful of connections to one server.
 */
export function usePositionStream(requestId: string, wanted: boolean): boolean {
  const cache = useQueryClient();
  const [live, setLive] = useState(false);
  useEffect(() => {
    if (!wanted) return;
    const stop = new AbortController();
    const read = () =>
      readEventStream(
        `/api/ticket-requests/${requestId}/events`,
        stop.signal,
        () => setLive(true),
        (data) => keepStanding(cache, data as Standing),
      );
    void keepReading(read, requestId, stop.signal, () => setLive(false));
    return () => {
      stop.abort();
      setLive(false);
    };
  }, [cache, requestId, wanted]);
  return live && wanted;
}

async function keepReading(
  read: () => Promise<void>,
  requestId: string,
  signal: AbortSignal,
  onBreak: () => void,
) {
  for (let breaks = 0; !signal.aborted; breaks += 1) {
    const began = Date.now();
    try {
      if ('locks' in navigator)
        await navigator.locks.request(`tixline.stream.${requestId}`, { signal }, read);
      else await read();
    } catch (error) {
      if (error instanceof Problem && error.status >= 400 && error.status < 429) return;
    }
    if (signal.aborted) return;
    onBreak();
    if (Date.now() - began > 60_000) breaks = 0;
    await pause(Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** breaks) * (0.8 + Math.random() * 0.4), signal);
  }
}
