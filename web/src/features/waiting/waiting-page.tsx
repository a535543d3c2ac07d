import { Anchor, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link, useParams } from 'react-router';
import type { Standing } from '../../server/model';
import { ownAhead, useOwnShare } from '../../server/own-share';
import { Problem } from '../../server/problem';
import { eventQuery, keys, requestsQuery } from '../../server/queries';
import { NotFoundPage } from '../../shell/not-found-page';
import { usePageTitle } from '../../shell/page-title';
import { ProblemNotice } from '../../shell/problem-notice';
import { count } from '../../shell/words';
import { Announcer } from './announcer';
import { LeaveLine } from './leave-line';
import { limitWarning } from './limit';
import { LineFacts } from './line-facts';
import { useOutcomeSignal } from './outcome-signal';
import { OutcomePanel } from './outcome-panel';
import { outcomeWords, type OutcomeFacts } from './outcome-words';
import { aheadWords, PlaceSlip } from './place-slip';
import { TellMe } from './tell-me';
import { useStanding } from './use-standing';
import classes from './waiting.module.css';

const OWN_EVERY_MS = 20_000;

/** A request's own page: the place while it waits, then what came of it. The same on every device of its owner. */
export function WaitingPage() {
  const { requestId = '' } = useParams();
  return <Request key={requestId} requestId={requestId} />;
}

function Request({ requestId }: { requestId: string }) {
  const seen = useStanding(requestId);
  const known = seen.standing.data;
  const event = useQuery({ ...eventQuery(known?.event_id ?? 0), enabled: known !== undefined });
  const requests = useQuery(requestsQuery());
  const share = useOwnShare(known?.event_id);
  useFreshShare(known?.status, (share?.waiting.length ?? 0) > 1);
  const quantity =
    seen.joining?.quantity ?? requests.data?.find((request) => request.request_id === requestId)?.quantity;
  const name = event.data?.name ?? 'your event';
  const limit = event.data?.max_per_buyer;
  const facts = { quantity, held: share?.held, limit };
  const own = known && share ? ownAhead(known, share).length : 0;
  const words = spoken(known, seen, name, own, facts);
  usePageTitle(titleOf(known, seen.place?.position, name, facts));
  useOutcomeSignal(known?.status, words, name);

  if (known === undefined)
    return <Unknown error={seen.standing.error} retry={() => void seen.standing.refetch()} />;
  return (
    <div className={classes.page}>
      <Announcer
        stage={known.status === 'queued' && seen.place?.ahead === 0 ? 'next' : known.status}
        words={words}
      />
      <div>
        <Text c="dimmed">{known.status === 'queued' ? 'In line for' : 'Your request for'}</Text>
        <Title order={1} fz={{ base: 24, sm: 30 }}>
          <Anchor component={Link} to={`/events/${known.event_id}`} inherit c="inherit" underline="hover">
            {name}
          </Anchor>
        </Title>
      </div>
      {seen.place === undefined ? (
        <OutcomePanel standing={known} event={event.data} share={share} facts={facts} />
      ) : (
        <>
          <PlaceSlip
            standing={known}
            place={seen.place}
            joining={seen.joining}
            quantity={quantity}
            ownAhead={own}
          />
          <LineFacts
            standing={known}
            place={seen.place}
            line={seen.line}
            longer={seen.longer}
            live={seen.live}
            failing={seen.standing.isError}
            limit={limitWarning(known, quantity, limit, share)}
          />
          <div className={classes.kept}>
            <Text fw={620} fz="lg">
              Your place is kept. You may close this page.
            </Text>
            <Text c="dimmed" size="sm">
              You find it again under My tickets, on any device you sign in on.
            </Text>
          </div>
          <TellMe />
          <LeaveLine requestId={requestId} />
        </>
      )}
    </div>
  );
}

function Unknown({ error, retry }: { error: unknown; retry: () => void }) {
  if (error instanceof Problem && (error.status === 404 || error.status === 400))
    return <NotFoundPage what="request" />;
  if (error !== null) return <ProblemNotice error={error} onRetry={retry} />;
  return (
    <Stack className={classes.page} aria-busy="true" aria-label="Looking up your place">
      <Skeleton height={56} width="60%" />
      <Skeleton height={280} radius={14} />
      <Skeleton height={120} radius={14} />
    </Stack>
  );
}

/**
 * What one holds and waits for has changed when a request is decided. While it waits that is looked at again only by those
 * who have others in line: for everybody it would be a query each from all who wait.
 */
function useFreshShare(status: string | undefined, others: boolean): void {
  const cache = useQueryClient();
  const decided = status !== undefined && status !== 'queued';
  useEffect(() => {
    const look = () => {
      void cache.invalidateQueries({ queryKey: keys.orders });
      void cache.invalidateQueries({ queryKey: keys.requests });
    };
    if (decided) look();
    if (decided || !others) return;
    const timer = setInterval(look, OWN_EVERY_MS);
    return () => clearInterval(timer);
  }, [decided, others, cache]);
}

function spoken(
  known: Standing | undefined,
  { place }: ReturnType<typeof useStanding>,
  name: string,
  own: number,
  facts: OutcomeFacts,
): string {
  if (known === undefined) return '';
  if (place === undefined) return `${outcomeWords(known, facts).title}. ${name}.`;
  return `Your place is ${count(place.position)}. ${aheadWords(place, own)}`;
}

function titleOf(
  known: Standing | undefined,
  position: number | undefined,
  name: string,
  facts: OutcomeFacts,
): string {
  if (known === undefined) return 'Your place';
  if (position !== undefined) return `${count(position)} in line · ${name}`;
  return `${known.status === 'granted' ? '✓' : '✗'} ${outcomeWords(known, facts).title} · ${name}`;
}
