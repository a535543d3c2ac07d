import type { UseFormReturnType } from '@mantine/form';
import type { OwnEvent } from '../../server/model';
import { momentOf, viewerZone, wallTime } from '../../shell/zones';

/** An event as its form holds it: times as `datetime-local` by the clocks of its zone, money in whole units. */
export interface EventFields {
  name: string;
  venue: string;
  description: string;
  time_zone: string;
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
  const zone = event?.time_zone ?? viewerZone();
  return {
    name: event?.name ?? '',
    venue: event?.venue ?? '',
    description: event?.description ?? '',
    time_zone: zone,
    starts_at: wallTime(event?.starts_at, zone),
    ends_at: wallTime(event?.ends_at, zone),
    sale_opens_at: wallTime(event?.sale_opens_at, zone),
    sale_closes_at: wallTime(event?.sale_closes_at, zone),
    max_per_buyer: event?.max_per_buyer ?? 4,
    pace: event?.pace ?? '',
  };
}

/** What the server takes for these fields. */
export function bodyOf(fields: EventFields) {
  const { time_zone: zone } = fields;
  return {
    name: fields.name.trim(),
    venue: fields.venue.trim() || null,
    description: fields.description,
    time_zone: zone,
    starts_at: momentOf(fields.starts_at, zone) ?? '',
    ends_at: momentOf(fields.ends_at, zone),
    sale_opens_at: momentOf(fields.sale_opens_at, zone),
    sale_closes_at: momentOf(fields.sale_closes_at, zone),
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
    ['price', priceFault(fields.price)],
  ];
  return Object.fromEntries(
    faults.flatMap(([field, fault]) => (fault === false ? [] : [[prefix + field, fault]])),
  );
}

/** A price in cents, from the whole units of the form. */
export const centsOf = (price: number | string): number => Math.round(Number(price) * 100);

function priceFault(price: number | string): string | false {
  if (price === '') return 'Say what one costs, 0 for nothing';
  if (Number(price) < 0) return 'It cannot be less than 0';
  // Said, and not cut off: a price that changes without a word is a wrong one.
  return (
    !Number.isInteger(Number((Number(price) * 100).toFixed(6))) && 'Two digits after the point, not more'
  );
}
