/**
 * Ids that say where a thing stands: UUID version 8 (RFC 9562, section 5.8) made of
 *
 *     eeeeeek p pppp-8ppp-v mark…        48 + 12 bits: event (24), kind (4), number (32); 62 bits: mark
 *
 * For a request the kind is its tier, the number its place in line and the mark a keyed hash of its buyer;
 * for a ticket the number is its number within the event, and the mark is empty: who knows a ticket's id can do nothing
 * with it, since what a ticket opens is asked of its holder's session or of a signed token.
 * Ids of one event and kind ascend with the number, so a primary key on the id is an index on the line.
 * The SQL twin is the function `standing_id` (src/platform/database/migrations); `standing-id.spec.ts` holds the two together.
 */
import type { Tier } from './tier';

export const TICKET_KIND = 10;
const NO_MARK = '8000000000000000';

export interface Standing {
  readonly eventId: number;
  /** 1 VIP, 2 Regular, 10 ticket. */
  readonly kind: number;
  /** Place in line, or number of the ticket within its event; from 1. */
  readonly number: number;
  /** The last 16 hex digits: variant and mark. */
  readonly mark: string;
}

const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Reads an id. Answers `undefined` for whatever is not one of ours: other UUID versions, upper case, anything else. */
export function readStandingId(id: string): Standing | undefined {
  if (!SHAPE.test(id)) return undefined;
  return {
    eventId: hex(id, 0, 6),
    kind: hex(id, 6, 7),
    number: hex(id, 7, 8) * 16 ** 7 + hex(id, 9, 13) * 16 ** 3 + hex(id, 15, 18),
    mark: id.slice(19, 23) + id.slice(24),
  };
}

/** The value of the lower-case hex digits from one index to before another; parseInt leaves compiled code, for each. */
function hex(id: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i += 1) {
    const code = id.charCodeAt(i);
    value = value * 16 + (code <= 57 ? code - 48 : code - 87);
  }
  return value;
}

/** Writes an id; the inverse of `readStandingId`. `mark` is 16 hex digits. */
export function standingId(
  eventId: number,
  kind: Tier | typeof TICKET_KIND,
  number: number,
  mark: string,
): string {
  const event = eventId.toString(16).padStart(6, '0');
  const place = number.toString(16).padStart(8, '0');
  const head = event + kind.toString(16) + place.charAt(0);
  return `${head}-${place.slice(1, 5)}-8${place.slice(5)}-${mark.slice(0, 4)}-${mark.slice(4)}`;
}

/** Which ticket of an event. */
export interface TicketPlace {
  readonly eventId: number;
  readonly number: number;
}

/** The id of a ticket. */
export function ticketId({ eventId, number }: TicketPlace): string {
  return standingId(eventId, TICKET_KIND, number, NO_MARK);
}

/** Reads the id of a ticket; the inverse of `ticketId`. Answers `undefined` for whatever is not one. */
export function readTicketId(id: string): TicketPlace | undefined {
  const standing = readStandingId(id);
  return standing?.kind === TICKET_KIND && standing.mark === NO_MARK ? standing : undefined;
}

/** The mark of 8 bytes of hash: its two top bits give way to the UUID variant. */
export function markOf(hash: Uint8Array): string {
  const bytes = Buffer.from(hash.subarray(0, 8));
  bytes[0] = (bytes[0]! & 0x3f) | 0x80;
  return bytes.toString('hex');
}
