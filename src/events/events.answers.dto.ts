import type { TierName } from '../shared/tier';
import type { DoorRule, EventMode, EventState } from './event.entity';

export class TicketTypeDto {
  /** @example 1 */
  id: number;
  /** @example VIP */
  name: string;
  tier: TierName;
  /** @example 20 */
  capacity: number;
  /** Seats still on the shelf. @example 20 */
  remaining: number;
  /** @example 12000 */
  price_cents: number;
  /** @example EUR */
  currency: string;
}

export class EventDto {
  /** @example 1 */
  id: number;
  /** @example EV01 */
  code: string;
  /** @example Demo Event */
  name: string;
  starts_at: string;
  ends_at: string | null;
  /** IANA name. @example UTC */
  time_zone: string;
  venue: string | null;
  mode: EventMode;
  state: EventState;
  sale_opens_at: string | null;
  sale_closes_at: string | null;
  /** @example 4 */
  max_per_buyer: number;
  ticket_types: TicketTypeDto[];
}

export class EventDetailDto extends EventDto {
  description: string;
}

export class OwnEventDto extends EventDetailDto {
  private_notes: string;
  entry_code_length: number;
  door: DoorRule;
  pace: number | null;
  /** The number in the ETag. */
  version: number;
}
