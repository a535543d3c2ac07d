import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate, useSearchParams } from 'react-router';
import type { TicketedEvent, TicketType, Tier } from '../../server/model';
import { lineQuery } from '../../server/queries';
import { ProblemNotice } from '../../shell/problem-notice';
import { signInPath } from '../../shell/sign-in-path';
import { useSession } from '../../shell/use-session';
import { countdown, exactTime, money, plural } from '../../shell/words';
import { Quantity } from './quantity';
import { isSelling, opensAt, type SaleState } from './sale-state';
import { TypeChoice } from './type-choice';
import { useAsk } from './use-ask';
import classes from './events.module.css';

/**
 * Type, number and one button. The choice stands in the address, so that signing in, a reload or a shared link keep it.
 */
export function TicketOffice(props: {
  event: TicketedEvent;
  types: readonly TicketType[];
  state: SaleState;
  now: number;
  stale: boolean;
}) {
  const { event, types, state, now } = props;
  const [search, setSearch] = useSearchParams();
  const location = useLocation();
  const navigate = useNavigate();
  const session = useSession();
  const { ask, asking, error, nextTryAt } = useAsk(event);

  // Types come VIP first; nobody is given the dearer one unasked.
  const chosen =
    types.find((type) => type.tier === search.get('type')) ??
    types.findLast((type) => type.remaining > 0) ??
    types[0];
  const quantity = Math.min(
    event.max_per_buyer,
    Math.max(1, Math.trunc(Number(search.get('quantity'))) || 1),
  );
  const choose = (type: Tier | undefined, many: number) =>
    setSearch({ ...(type && { type }), quantity: String(many) }, { replace: true, preventScrollReset: true });

  if (chosen === undefined || !(isSelling(state) || state === 'opens' || state === 'sold_out'))
    return <Shut state={state} />;

  const submit = () => {
    if (session.state === 'signed-in') ask({ event_id: event.id, ticket_type: chosen.tier, quantity });
    else void navigate(signInPath(`${location.pathname}?type=${chosen.tier}&quantity=${quantity}`));
  };
  const soldOut = chosen.remaining === 0;
  return (
    <section className={classes.office} aria-labelledby="office">
      <Stack>
        <Title order={2} id="office">
          Get tickets
        </Title>
        <TypeChoice
          types={types}
          chosen={state === 'sold_out' ? undefined : chosen.tier}
          onChoose={(type) => choose(type, quantity)}
          disabled={asking}
        />
        {!soldOut && (
          <Group justify="space-between">
            <Quantity
              value={quantity}
              most={event.max_per_buyer}
              disabled={asking}
              onChange={(many) => choose(chosen.tier, many)}
            />
            <Text ta="right" className="figures" fw={640} fz="lg">
              {money(chosen.price_cents * quantity, chosen.currency)}
            </Text>
          </Group>
        )}
        {state === 'opens' && <Opening at={opensAt(event)} now={now} />}
        {soldOut ? (
          <Text c="dimmed">
            {state === 'sold_out'
              ? 'Everything is taken. Tickets that are given back show up here by themselves.'
              : `${chosen.name} is sold out. Choose another type above.`}
          </Text>
        ) : (
          <Button size="lg" fullWidth disabled={state === 'opens'} loading={asking} onClick={submit}>
            {session.state === 'signed-out' ? 'Sign in and ask for' : 'Ask for'}{' '}
            {plural(quantity, `${chosen.name} ticket`)}
          </Button>
        )}
        <Text size="sm" component="output" c={nextTryAt === undefined ? 'dimmed' : undefined}>
          {nextTryAt === undefined ? (
            <LineLength eventId={event.id} state={state} />
          ) : (
            'Very many people are asking right now. We keep trying for you; your click counts once.'
          )}
        </Text>
        {!asking && <ProblemNotice error={error} onRetry={submit} />}
        {props.stale && (
          <Text size="sm" c="var(--tix-warn)">
            <IconAlertTriangle size={15} aria-hidden /> The numbers above may be out of date: the server does
            not answer.
          </Text>
        )}
      </Stack>
    </section>
  );
}

function Opening({ at, now }: { at: number; now: number }) {
  return (
    <div>
      <Text c="dimmed">
        The sale opens in{' '}
        <Text span className="unseen">
          {exactTime(at)}
        </Text>
      </Text>
      <div className={`figures ${classes.count}`} role="timer" title={exactTime(at)}>
        {countdown(at - now)}
      </div>
      <Text size="sm" c="dimmed" mt={4}>
        Stay here: the button works at zero, without loading the page again.
      </Text>
    </div>
  );
}

function LineLength({ eventId, state }: { eventId: number; state: SaleState }) {
  const line = useQuery({ ...lineQuery(eventId), enabled: isSelling(state), refetchInterval: 8_000 });
  if (!isSelling(state) || line.data === undefined) return null;
  const waiting = line.data.vip.waiting + line.data.regular.waiting;
  if (waiting === 0) return 'Nobody is waiting: you are next.';
  return `${plural(waiting, 'request is', 'requests are')} waiting in line. VIP requests go first.`;
}

const SHUT: Partial<Record<SaleState, [title: string, text: string]>> = {
  draft: ['Not announced yet', 'Only its organiser sees this event. Tickets can be had once it is opened.'],
  closed: ['The sale is closed', 'Tickets are no longer given out for this event.'],
  over: ['This event is over', 'Look at the other events for what comes next.'],
  cancelled: ['This event is cancelled', 'No tickets are given out.'],
};

function Shut({ state }: { state: SaleState }) {
  const [title, text] = SHUT[state] ?? ['No tickets', 'This event has no tickets to give out.'];
  return (
    <section className={classes.office}>
      <Title order={2}>{title}</Title>
      <Text c="dimmed" mt="xs">
        {text}
      </Text>
    </section>
  );
}
