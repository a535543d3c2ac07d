import type { TierName } from '../shared/tier';

export type TicketStatus = 'not_entered' | 'entered' | 'entry_denied' | 'cancelled';

export class TicketDto {
  id: string;
  /** @example EV01-7 */
  code: string;
  /** Letters of its own within the event. The door takes the QR code alone. @example KQZ */
  entry_code: string;
  status: TicketStatus;
  entered_at: string | null;
  /** What the QR code holds after /t/; good for 24 hours, and fresh in each answer. */
  qr_token: string;
  /** The QR code as an SVG; send your token with it. @example /api/tickets/0000011a-0000-8001-9c5e-3f2a7b1d4e60/qr.svg */
  qr_svg_url: string;
}

export class OrderEventDto {
  /** @example 1 */
  id: number;
  /** @example EV01 */
  code: string;
  /** @example Demo Event */
  name: string;
  starts_at: string;
  ends_at: string | null;
  time_zone: string;
  venue: string | null;
  state: string;
}

/** What a granted request became. */
export class OrderDto {
  /** The same as request_id. */
  id: string;
  request_id: string;
  event: OrderEventDto;
  ticket_type: TierName;
  /** @example 2 */
  quantity: number;
  status: 'confirmed' | 'cancelled';
  /** @example 9000 */
  total_cents: number;
  /** @example EUR */
  currency: string;
  created_at: string;
  tickets: TicketDto[];
}

export class OrdersDto {
  items: OrderDto[];
  next_cursor: string | null;
}

export class DoorTicketDto {
  id: string;
  /** @example EV01-7 */
  code: string;
  /** @example Ada Lovelace */
  holder: string;
  /** @example Demo Event */
  event: string;
  /** @example VIP */
  ticket_type: string;
  entered_at: string | null;
}

export type DoorReason = 'unknown' | 'expired' | 'already_used' | 'denied' | 'cancelled';

export class VerifiedDto {
  /** Whether it would be let in now. */
  valid: boolean;
  status: TicketStatus | null;
  ticket: DoorTicketDto | null;
  /** Why it would not. */
  reason: DoorReason | null;
}

export class CheckedInDto {
  /** Whether this scan let it in: of any number at once, exactly one. */
  ok: boolean;
  previous_status: TicketStatus | null;
  new_status: TicketStatus | null;
  /** When it was let in, by this scan or the one before. */
  entered_at: string | null;
  reason: DoorReason | null;
}
