import { Alert, Text } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconInfoCircle,
  IconPlayerPause,
  IconWifiOff,
} from '@tabler/icons-react';
import type { Line, Standing } from '../../server/model';
import { useOnline } from '../../shell/connection-banner';
import { useNow } from '../../shell/use-now';
import { exactTime, fromNow, timeOfDay } from '../../shell/words';
import { etaWords } from './estimate';
import type { PlaceNow } from './place-now';
import classes from './waiting.module.css';

const CHANCE = {
  likely: [
    'Likely',
    'As things stand, the tickets that are left reach to you.',
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
}) {
  const { standing, place, line, longer } = props;
  const paused = line?.paused === true;
  const [chance, why, Picture, colour] = CHANCE[standing.chance];
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
                : 'From how fast the line moves now. VIPs who join make it longer.'}
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
  if (!online || failing) {
    return (
      <Alert
        color="amber"
        icon={<IconWifiOff aria-hidden />}
        title={online ? 'The server does not answer' : 'You are offline'}
      >
        These figures are from {timeOfDay(at)}. Your place is kept, and we go on by ourselves as soon as there
        is a connection.
      </Alert>
    );
  }
  return (
    <Text size="sm" c="dimmed" ta="center" title={exactTime(at)}>
      {live ? 'Live: every change shows at once.' : `Updated ${fromNow(at, Math.max(at, now))}.`}
    </Text>
  );
}
