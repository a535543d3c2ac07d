import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useLocation, useNavigate, useSearchParams } from 'react-router';
import type { TicketedEvent, TicketType, Tier } from '../../server/model';
import { useOwnShare } from '../../server/own-share';
import { ProblemNotice } from '../../shell/problem-notice';
import { signInPath } from '../../shell/sign-in-path';
import { useSession } from '../../shell/use-session';
import { countdown, exactTime, money, plural } from '../../shell/words';
import { AskProgress } from './ask-progress';
import { LineNews } from './line-news';
import { Quantity } from './quantity';
import { roomFor } from './room';
import { isSelling, opensAt, type SaleState } from './sale-state';
import { TypeChoice } from './type-choice';
import { GivenUp, useAsk } from './use-ask';
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
  const share = useOwnShare(event.id, session.state === 'signed-in');
  const { ask, asking, error, fault, stop } = useAsk(event);

  // Types come VIP first; nobody is given the dearer one unasked.
  const chosen =
    types.find((type) => type.tier === search.get('type')) ??
    types.findLast((type) => type.remaining > 0) ??
    types[0];
  const choose = (type: Tier | undefined, many: number) =>
    setSearch({ ...(type && { type }), quantity: String(many) }, { replace: true, preventScrollReset: true });

  if (chosen === undefined || !(isSelling(state) || state === 'opens' || state === 'sold_out'))
    return <Shut state={state} />;

  const room = roomFor(event.max_per_buyer, chosen, share);
  const wanted = Math.max(1, Math.trunc(Number(search.get('quantity'))) || 1);
  const quantity = Math.min(wanted, Math.max(1, room.most));
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
          onChoose={(type) => choose(type, wanted)}
          disabled={asking}
        />
        {!soldOut && room.most > 0 && (
          <Group justify="space-between">
            <Quantity
              value={quantity}
              most={room.most}
              disabled={asking}
              onChange={(many) => choose(chosen.tier, many)}
            />
            <Text ta="right" className="figures" fw={640} fz="lg">
              {money(chosen.price_cents * quantity, chosen.currency)}
            </Text>
          </Group>
        )}
        {!soldOut && room.why !== undefined && <Text size="sm">{room.why}</Text>}
        {state === 'opens' && <Opening at={opensAt(event)} now={now} />}
        {soldOut && <SoldOut all={state === 'sold_out'} name={chosen.name} />}
        {!soldOut && (room.most > 0 || asking) && (
          <Button size="lg" fullWidth disabled={state === 'opens'} loading={asking} onClick={submit}>
            {session.state === 'signed-out' ? 'Sign in and ask for' : 'Ask for'}{' '}
            {plural(quantity, `${chosen.name} ticket`)}
          </Button>
        )}
        {asking && fault !== undefined ? (
          <AskProgress fault={fault} onStop={stop} />
        ) : (
          isSelling(state) && <LineNews eventId={event.id} />
        )}
        {!asking && <Failed error={error} retry={submit} />}
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

function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  if (!(error instanceof GivenUp)) return <ProblemNotice error={error} onRetry={retry} />;
  return (
    <Text size="sm" component="output">
      We stopped asking. If a try got through before, it stands under My tickets; asking for the same again
      counts once.
    </Text>
  );
}

function SoldOut({ all, name }: { all: boolean; name: string }) {
  return (
    <Text c="dimmed">
      {all
        ? 'Everything is taken. Tickets that are given back show up here by themselves.'
        : `${name} is sold out. Choose another type above.`}
    </Text>
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
        Stay here: the button works at zero, or earlier if the sale is opened earlier, without loading the
        page again.
      </Text>
    </div>
  );
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
