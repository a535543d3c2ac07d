import { Group, Progress, Text } from '@mantine/core';
import { IconStarFilled } from '@tabler/icons-react';
import type { Standing } from '../../server/model';
import { TicketPaper } from '../../shell/ticket-paper';
import { TierMark } from '../../shell/tier-mark';
import { count, plural } from '../../shell/words';
import type { PlaceNow } from './place-now';
import type { Joining } from './joining';
import classes from './waiting.module.css';

/** The slip with the number: the place in line, who is ahead, and how far one has come. */
export function PlaceSlip(props: {
  standing: Standing;
  place: PlaceNow;
  joining: Joining | undefined;
  quantity: number | undefined;
  ownAhead: number;
}) {
  const { standing, place, joining, quantity } = props;
  return (
    <TicketPaper
      side="end"
      stubWidth="210px"
      folds="104px"
      tone={standing.ticket_type === 'VIP' ? 'vip' : 'plain'}
      stub={
        <>
          <TierMark tier={standing.ticket_type} />
          <Text fw={620} mt={6}>
            {quantity === undefined ? `${standing.ticket_type} line` : plural(quantity, 'ticket')}
          </Text>
          <Text size="sm" c="dimmed" className="figures">
            {standing.ticket_type} request no. {count(standing.place)}
          </Text>
        </>
      }
    >
      <h2 className={classes.label}>Your place in line</h2>
      <div
        key={place.position}
        className={`figures ${classes.place}`}
        data-long={place.position > 99_999 || undefined}
      >
        {count(place.position)}
      </div>
      <Text fz="lg" fw={560}>
        {aheadWords(place, props.ownAhead)}
      </Text>
      <VipsAhead standing={standing} place={place} />
      <Moved place={place} joining={joining} />
    </TicketPaper>
  );
}

/** How many requests are ahead, in words; `own` of them are the same person's. */
export function aheadWords({ ahead }: PlaceNow, own = 0): string {
  if (ahead === 0) return 'You are next.';
  const requests = `${plural(ahead, 'request is', 'requests are')} ahead of you`;
  if (own === 0) return `${requests}.`;
  if (own >= ahead) return `${requests}: ${ahead === 1 ? 'your own other one' : 'all your own'}.`;
  return `${requests}, ${own} of them your own.`;
}

function VipsAhead({ standing, place }: { standing: Standing; place: PlaceNow }) {
  if (standing.ticket_type === 'VIP') {
    return (
      <Text c="dimmed" size="sm">
        You stand in the VIP line, which goes first.
      </Text>
    );
  }
  if (place.ahead === 0) return null;
  if (place.vipAhead === 0) {
    return (
      <Text c="dimmed" size="sm">
        No VIP requests among them.
      </Text>
    );
  }
  return (
    <Group gap={6} wrap="nowrap">
      <IconStarFilled size={14} color="var(--tix-vip)" aria-hidden style={{ flex: 'none' }} />
      <Text size="sm" className="figures">
        {vipWords(place)}
      </Text>
    </Group>
  );
}

function vipWords({ ahead, vipAhead }: PlaceNow): string {
  if (ahead === 1) return 'It is a VIP request, which goes first.';
  if (vipAhead === ahead) return 'All of them are VIP requests, which go first.';
  return vipAhead === 1
    ? '1 of them is a VIP request, which goes first.'
    : `${count(vipAhead)} of them are VIP requests, which go first.`;
}

function Moved({ place, joining }: { place: PlaceNow; joining: Joining | undefined }) {
  if (joining === undefined || joining.position <= 1) return null;
  const moved = Math.max(0, joining.position - place.position);
  const since = joining.joined ? 'since you joined' : 'since you opened this page';
  return (
    <div className={classes.moved}>
      <Progress
        value={(moved / Math.max(1, joining.position - 1)) * 100}
        size={10}
        radius="xl"
        aria-label={`Progress ${since}`}
        transitionDuration={180}
      />
      <Text size="sm" c="dimmed" mt={6} className="figures">
        {moved === 0
          ? `You began at ${count(joining.position)}.`
          : `Up ${plural(moved, 'place')} ${since}, from ${count(joining.position)}.`}
      </Text>
    </div>
  );
}
