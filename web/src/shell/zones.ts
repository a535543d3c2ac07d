/**
 * Times of an event as they are where it takes place. `zone` is an IANA name; one that this browser does not know counts as UTC.
 */

type Options = Intl.DateTimeFormatOptions;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The zone of whoever looks at the page. */
export const viewerZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Parts of a moment as told in a zone; formats are kept, for lists tell many times each second. */
export function inZone(time: string | number, zone: string, options: Options, language = 'en-GB'): string {
  return formatOf(zone, options, language).format(new Date(time));
}

function formatOf(zone: string, options: Options, language: string): Intl.DateTimeFormat {
  const key = `${language} ${zone} ${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (format === undefined) {
    try {
      format = new Intl.DateTimeFormat(language, { ...options, timeZone: zone });
    } catch {
      format = new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' });
    }
    formats.set(key, format);
  }
  return format;
}

const DAY: Options = { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' };
const CLOCK: Options = { hour: '2-digit', minute: '2-digit' };

/** `Fri, 21 November 2026` */
export const dateIn = (time: string | number, zone: string): string => inZone(time, zone, DAY);

/** `19:30` */
export const clockIn = (time: string | number, zone: string): string => inZone(time, zone, CLOCK);

/** Date, time and zone in full, for hovering. */
export const exactIn = (time: string | number, zone: string): string =>
  inZone(time, zone, { dateStyle: 'full', timeStyle: 'long' });

/** `CET`, `EST`, `BST`; `GMT+9` where no language in question has a short name. */
export function zoneName(time: string | number, zone: string): string {
  const names = ['en-GB', 'en-US', 'en-AU'].map(
    (language) =>
      formatOf(zone, { timeZoneName: 'short' }, language)
        .formatToParts(new Date(time))
        .find(({ type }) => type === 'timeZoneName')!.value,
  );
  return names.find((name) => !/^(GMT|UTC)[+-]/.test(name)) ?? names[0]!;
}

/** The same moment by the viewer's clock, with the day where that differs; `undefined` where both clocks show the same. */
export function viewersTime(time: string | number, zone: string): string | undefined {
  const mine = viewerZone();
  const clock = `${clockIn(time, mine)} ${zoneName(time, mine)}`;
  if (dateIn(time, mine) !== dateIn(time, zone)) return `${dateIn(time, mine)}, ${clock}`;
  return clockIn(time, mine) === clockIn(time, zone) ? undefined : clock;
}

/** A moment as a field of a form holds it (`2027-05-01T19:30`), by the clocks of a zone; empty for none. */
export function wallTime(time: string | null | undefined, zone: string): string {
  return time
    ? new Date(Date.parse(time) + aheadOfUtc(Date.parse(time), zone)).toISOString().slice(0, 16)
    : '';
}

/** The moment when the clocks of a zone show `wall`; `null` for an empty field. */
export function momentOf(wall: string, zone: string): string | null {
  const asUtc = Date.parse(`${wall}Z`);
  if (wall === '' || Number.isNaN(asUtc)) return null;
  // Twice: the first guess may lie on the other side of a change of the clocks.
  const guess = asUtc - aheadOfUtc(asUtc, zone);
  return new Date(asUtc - aheadOfUtc(guess, zone)).toISOString();
}

function aheadOfUtc(time: number, zone: string): number {
  const options: Options = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  };
  const parts = formatOf(zone, { ...options, hourCycle: 'h23' }, 'en-GB').formatToParts(new Date(time));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((found) => found.type === type)!.value;
  const wall = `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}Z`;
  return Date.parse(wall) - Math.floor(time / 1000) * 1000;
}

/** All zones this browser knows, by continent, with those given among them. */
export function zonesByRegion(...also: string[]): { group: string; items: string[] }[] {
  const names = [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', ...also])].toSorted();
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const region = name.includes('/') ? name.slice(0, name.indexOf('/')) : 'Other';
    groups.set(region, [...(groups.get(region) ?? []), name]);
  }
  return [...groups].map(([group, items]) => ({ group, items }));
}
