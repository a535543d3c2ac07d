import { Text } from '@mantine/core';
import { clockIn, dateIn, exactIn, viewersTime, zoneName } from './zones';

/** When an event begins, by the clocks where it takes place and with their zone's name; the viewer's own time beside it where it differs. */
export function EventTime(props: { time: string; until?: string | null; zone: string }) {
  const { time, until, zone } = props;
  const own = viewersTime(time, zone);
  return (
    <>
      <time dateTime={time} title={exactIn(time, zone)}>
        {dateIn(time, zone)}, {clockIn(time, zone)}
      </time>
      {until && ` to ${endOf(time, until, zone)}`} {zoneName(time, zone)}
      {own !== undefined && (
        <Text span c="dimmed">
          {' '}
          ({own} your time)
        </Text>
      )}
    </>
  );
}

const LONG_MS = 18 * 3_600_000;

/** A night that ends after midnight is one night; what lasts much longer needs the date of its end. */
function endOf(time: string, until: string, zone: string): string {
  const long = Date.parse(until) - Date.parse(time) >= LONG_MS;
  return long ? `${dateIn(until, zone)}, ${clockIn(until, zone)}` : clockIn(until, zone);
}
