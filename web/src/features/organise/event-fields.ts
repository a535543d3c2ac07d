import type { UseFormReturnType } from '@mantine/form';
import type { OwnEvent } from '../../server/model';

/** An event as its form holds it: times as `datetime-local` in the organiser's own zone, money in whole units. */
export interface EventFields {
  name: string;
  venue: string;
  description: string;
  starts_at: string;
  ends_at: string;
  sale_opens_at: string;
  sale_closes_at: string;
  max_per_buyer: number | string;
  pace: number | string;
}

export interface TypeFields {
  wanted: boolean;
  name: string;
  capacity: number | string;
  price: number | string;
}

export type EventForm = UseFormReturnType<EventFields>;

/** The fields of an event there is, or of a new one. */
export function fieldsOf(event: OwnEvent | undefined): EventFields {
  return {
    name: event?.name ?? '',
    venue: event?.venue ?? '',
    description: event?.description ?? '',
    starts_at: localTime(event?.starts_at),
    ends_at: localTime(event?.ends_at),
    sale_opens_at: localTime(event?.sale_opens_at),
    sale_closes_at: localTime(event?.sale_closes_at),
    max_per_buyer: event?.max_per_buyer ?? 4,
    pace: event?.pace ?? '',
  };
}

/** What the server takes for these fields. */
export function bodyOf(fields: EventFields) {
  return {
    name: fields.name.trim(),
    venue: fields.venue.trim() || null,
    description: fields.description,
    starts_at: instant(fields.starts_at) ?? '',
    ends_at: instant(fields.ends_at),
    sale_opens_at: instant(fields.sale_opens_at),
    sale_closes_at: instant(fields.sale_closes_at),
    max_per_buyer: Number(fields.max_per_buyer),
    pace: fields.pace === '' ? null : Number(fields.pace),
  };
}

/** What can be told to be wrong before anything is sent. */
export const eventRules = {
  name: (value: string) => (value.trim() === '' ? 'Give it a name' : null),
  starts_at: (value: string) => (value === '' ? 'Say when it begins' : null),
  ends_at: (value: string, { starts_at: start }: EventFields) =>
    value !== '' && value <= start ? 'It cannot end before it begins' : null,
  sale_closes_at: (value: string, { sale_opens_at: opens }: EventFields) =>
    value !== '' && opens !== '' && value <= opens ? 'The sale cannot close before it opens' : null,
};

/** The same for a ticket type, as the errors of its form; `prefix` is where its fields stand in that form. */
export function typeFaults(fields: Omit<TypeFields, 'wanted'>, prefix = ''): Record<string, string> {
  const faults: [field: string, fault: string | false][] = [
    ['name', fields.name.trim() === '' && 'Give it a name'],
    ['capacity', fields.capacity === '' && 'Say how many there are'],
    ['price', fields.price === '' && 'Say what one costs, 0 for nothing'],
  ];
  return Object.fromEntries(
    faults.flatMap(([field, fault]) => (fault === false ? [] : [[prefix + field, fault]])),
  );
}

/** A price in cents, from the whole units of the form. */
export const centsOf = (price: number | string): number => Math.round(Number(price) * 100);

function localTime(time: string | null | undefined): string {
  if (!time) return '';
  const at = new Date(time);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

const instant = (local: string): string | null => (local === '' ? null : new Date(local).toISOString());
