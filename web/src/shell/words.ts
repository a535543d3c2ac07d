/** Numbers, money and times in words. English throughout, in the reader's own time zone; those of events are in `zones.ts`. */

const whole = new Intl.NumberFormat('en');
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });

/** `12,345` */
export const count = (value: number): string => whole.format(value);

/** `1 ticket`, `2 tickets` */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** Cents as money; nothing is `free`. */
export function money(cents: number, currency: string): string {
  return cents === 0 ? 'free' : amount(cents, currency);
}

/** Cents as money, also where they are a sum that may be nothing: `€0`. */
export function amount(cents: number, currency: string): string {
  const digits = cents % 100 === 0 ? 0 : 2;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, minimumFractionDigits: digits });
  return format.format(cents / 100);
}

/** `19:30` */
export const timeOfDay = (time: string | number): string => clock.format(new Date(time));

/** Date, time and zone in full, for hovering and for screen readers. */
export const exactTime = (time: string | number): string => exact.format(new Date(time));

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `in 3 days`, `2 minutes ago`, `now` */
export function fromNow(time: string | number, now: number): string {
  const seconds = (new Date(time).getTime() - now) / 1000;
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return relative.format(Math.round(seconds), 'second');
}

/** A span in words: `45 seconds`, `12 minutes`, `2 hours`. */
export function span(seconds: number): string {
  if (seconds < 60) return plural(Math.max(1, Math.round(seconds)), 'second');
  if (seconds < 3_600) return plural(Math.round(seconds / 60), 'minute');
  const hours = Math.round(seconds / 1_800) / 2;
  return `${hours} ${hours === 1 ? 'hour' : 'hours'}`;
}

/** A countdown: `2 days 04:05:09`, `04:05:09`, `05:09`. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const days = Math.floor(seconds / 86_400);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor((seconds % 86_400) / 3_600);
  const tail = `${two(Math.floor((seconds % 3_600) / 60))}:${two(seconds % 60)}`;
  if (days > 0) return `${plural(days, 'day')} ${two(hours)}:${tail}`;
  return hours > 0 ? `${two(hours)}:${tail}` : tail;
}
