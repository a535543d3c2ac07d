import { useQuery, type QueryState } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Line, Standing } from '../../server/model';
import { Problem } from '../../server/problem';
import { lineQuery, standingQuery } from '../../server/queries';
import { whyLonger } from './estimate';
import { joiningOf, rememberJoining } from './joining';
import { isPassed, placeNow, type PlaceNow } from './place-now';
import { jittered } from './jitter';
import { usePositionStream } from './use-position-stream';

const LINE_EVERY_MS = 2_000;
const LINE_EVERY_LIVE_MS = 10_000;
const HIDDEN_FACTOR = 4;
const AFTER_ERROR_MS = 5_000;
const WINDOW_MS = 30_000;

/** Everything the waiting page shows, kept up to date by stream or poll. */
export function useStanding(requestId: string) {
  // Looked at before it is asked for: the stream is wanted only while the request waits, the poll only without a stream.
  const known = useQuery({ ...standingQuery(requestId), enabled: false }).data;
  const live = usePositionStream(requestId, known === undefined || known.status === 'queued');
  const standing = useQuery({
    ...standingQuery(requestId),
    refetchInterval: (query) => (live ? false : pollPause(query.state)),
    refetchIntervalInBackground: true,
    refetchOnWindowFocus: 'always',
    refetchOnReconnect: 'always',
  });

  const line = useQuery({
    ...lineQuery(known?.event_id ?? 0),
    enabled: known?.status === 'queued',
    refetchInterval: (query) =>
      jittered(live ? LINE_EVERY_LIVE_MS : LINE_EVERY_MS, query.state.dataUpdatedAt),
  });
  const { refetch } = standing;
  const passed = known !== undefined && isPassed(known, line.data);
  useEffect(() => {
    if (passed) void refetch();
  }, [passed, refetch]);

  // A pause that the line still tells of, while people are served, is over.
  const { refetch: refetchLine } = line;
  const outdated = line.data?.paused === true && known?.status === 'queued' ? known.position : null;
  const pausedAt = useRef(outdated);
  useEffect(() => {
    if (outdated !== null && pausedAt.current !== null && outdated < pausedAt.current) void refetchLine();
    pausedAt.current = outdated;
  }, [outdated, refetchLine]);

  const place =
    known && placeNow({ data: known, at: standing.dataUpdatedAt }, seenLine(line.data, line.dataUpdatedAt));
  const longer = useWhyLonger(place, line.data?.paused === true);
  useEffect(() => {
    if (place !== undefined && joiningOf(requestId) === undefined)
      rememberJoining(requestId, { position: place.position, joined: false });
  }, [requestId, place]);
  return { standing, place, line: line.data, live, longer, joining: joiningOf(requestId) };
}

const seenLine = (data: Line | undefined, at: number) => (data === undefined ? undefined : { data, at });

/** When to ask again: as the server told, spread out, less often while nobody looks, and slowly after an error. */
function pollPause(state: QueryState<Standing>): number | false {
  if (state.data !== undefined && state.data.status !== 'queued') return false;
  if (state.error instanceof Problem && state.error.status === 404) return false;
  const failed = state.error !== null;
  const told = (state.error instanceof Problem ? state.error.retryAfterMs : undefined) ?? AFTER_ERROR_MS;
  const base = failed ? told : (state.data?.poll_after_ms ?? LINE_EVERY_MS);
  return jittered(
    Math.max(500, base) * (document.hidden ? HIDDEN_FACTOR : 1),
    state.dataUpdatedAt + state.errorUpdatedAt,
  );
}

/** Keeps the last half minute of places and says why the wait became longer in it. */
function useWhyLonger(place: PlaceNow | undefined, paused: boolean): string | undefined {
  const [samples, setSamples] = useState<readonly PlaceNow[]>([]);
  if (place !== undefined && place.at !== samples.at(-1)?.at) {
    setSamples([...samples.filter((sample) => place.at - sample.at < WINDOW_MS), place]);
  }
  return place === undefined ? undefined : whyLonger(samples, paused);
}
