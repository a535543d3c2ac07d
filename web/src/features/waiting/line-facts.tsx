import { Alert, Text } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconInfoCircle,
  IconPlayerPause,
  IconPlugConnectedX,
} from '@tabler/icons-react';
import type { Line, Standing } from '../../server/model';
import { useOnline } from '../../shell/connection-banner';
import { useNow } from '../../shell/use-now';
import { exactTime, fromNow, timeOfDay } from '../../shell/words';
import { etaWords } from './estimate';
import type { LimitWarning } from './limit';
import type { PlaceNow } from './place-now';
import classes from './waiting.module.css';

const CHANCE = {
  likely: [
    'Likely',
    'As things stand, enough tickets are left when it is your turn.',
    IconCircleCheck,
    'var(--tix-good)',
  ],
  unlikely: [
    'Unlikely',
    'More is asked for ahead of you than is left. Some people give up, so it may still work.',
    IconAlertTriangle,
    'var(--tix-warn)',
  ],
  none: [
    'None at the moment',
    'All tickets of this type are taken. One that is given back can still reach you.',
    IconCircleX,
    'var(--tix-bad)',
  ],
} as const;

/** Estimate, chance and how fresh all this is. */
export function LineFacts(props: {
  standing: Standing;
  place: PlaceNow;
  line: Line | undefined;
  longer: string | undefined;
  live: boolean;
  failing: boolean;
  limit: LimitWarning | undefined;
}) {
  const { standing, place, line, longer, limit } = props;
  const paused = line?.paused === true;
  const worse = limit?.certain === true ? 'refused' : limit !== undefined && standing.chance !== 'none';
  const [chance, reason, Picture, colour] =
    CHANCE[worse === 'refused' ? 'none' : worse ? 'unlikely' : standing.chance];
  const why = worse === false ? reason : limit?.words;
  return (
    <>
      <dl className={classes.facts}>
        <div>
          <dt>Time to your turn</dt>
          <dd>
            <div className={`figures ${classes.value}`}>
              {paused ? 'Paused' : place.etaSeconds === null ? 'Estimating…' : etaWords(place.etaSeconds)}
            </div>
            <Text size="sm" c="dimmed" mt={2}>
              {place.etaSeconds === null || paused
                ? 'An estimate comes once the line moves.'
                : 'From how fast the line moves now. VIP requests that come make it longer.'}
            </Text>
          </dd>
        </div>
        <div>
          <dt>Chance of a ticket</dt>
          <dd>
            <div className={classes.value}>
              <Picture size={22} color={colour} aria-hidden /> {chance}
            </div>
            <Text size="sm" c="dimmed" mt={2}>
              {why}
            </Text>
          </dd>
        </div>
      </dl>
      {paused && (
        <Alert color="amber" icon={<IconPlayerPause aria-hidden />} title="The organiser has paused the line">
          Nobody is served at the moment. Your place is kept, and the line goes on from there.
        </Alert>
      )}
      {longer !== undefined && (
        <div className={classes.note}>
          <IconInfoCircle size={20} aria-hidden />
          <Text size="sm">{longer}</Text>
        </div>
      )}
      <Freshness at={place.at} live={props.live} failing={props.failing} />
    </>
  );
}

function Freshness({ at, live, failing }: { at: number; live: boolean; failing: boolean }) {
  const online = useOnline();
  const now = useNow(1_000, Date.now);
  const kept = `These figures are from ${timeOfDay(at)}. Your place is kept, and we go on by ourselves as soon as there is a connection.`;
  // The banner above says already that the device is offline.
  if (!online) {
    return (
      <Text size="sm" ta="center">
        {kept}
      </Text>
    );
  }
  if (failing) {
    return (
      <Alert color="amber" icon={<IconPlugConnectedX aria-hidden />} title="The server does not answer">
        {kept}
      </Alert>
    );
  }
  return (
    <Text size="sm" c="dimmed" ta="center" title={exactTime(at)}>
      {live ? 'Live: every change shows at once.' : `Updated ${fromNow(at, Math.max(at, now))}.`}
    </Text>
  );
}
