import type { RefusalReason } from '../shared/refusal';
import type { TierName } from '../shared/tier';

/** Body of a request, for the documentation. */
export class AskDto {
  /** @example 1 */
  event_id: number;
  /** VIPs are served before Regulars. @example Regular */
  ticket_type: TierName;
  /** How many seats, all or none. @example 2 */
  quantity?: number = 1;
}

/** The same for handlers: a type and not a class, so that it is checked by the schema below and not by class-validator. */
export type Wanted = Readonly<AskDto>;

export const ASK_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['event_id', 'ticket_type'],
  properties: {
    event_id: { type: 'integer', minimum: 1, maximum: 2_147_483_647 },
    ticket_type: { type: 'string', enum: ['VIP', 'Regular'] },
    quantity: { type: 'integer', minimum: 1, maximum: 32_767, default: 1 },
  },
};

export type RequestStatus = 'queued' | 'granted' | 'refused' | 'cancelled';

/** A request that has been taken in: it is durable, and its place is kept. */
export class AcceptedDto {
  /** Keep it: it is how you ask where you stand. @example 00000120-0000-8001-9c5e-3f2a7b1d4e60 */
  request_id: string;
  status: 'queued';
  /** @example 1 */
  event_id: number;
  ticket_type: TierName;
  /** @example 2 */
  quantity: number;
  /** The place in this tier's line, for good. @example 118 */
  place: number;
  /** 1 is next. @example 31 */
  position: number;
  /** VIP requests among those ahead. @example 4 */
  vip_ahead: number;
  /** Estimate, or null while nobody knows. @example 12 */
  eta_seconds: number | null;
  /** When it is worth asking again. @example 1200 */
  poll_after_ms: number;
}

/** Where a request stands, or what came of it. */
export class PositionDto {
  /** @example 00000120-0000-8001-9c5e-3f2a7b1d4e60 */
  request_id: string;
  status: RequestStatus;
  /** @example 1 */
  event_id: number;
  ticket_type: TierName;
  /** @example 118 */
  place: number;
  /** 1 is next; null once it is settled. It grows only when VIPs join, which vip_ahead shows. @example 31 */
  position: number | null;
  /** Requests ahead, your own others among them. @example 30 */
  ahead: number;
  /** VIP requests among them. @example 4 */
  vip_ahead: number;
  /** Estimate, or null while nobody knows. @example 12 */
  eta_seconds: number | null;
  /** Whether enough tickets are left for you, when those ahead get theirs. */
  chance: 'likely' | 'unlikely' | 'none';
  /** When it is worth asking again; 0 once it is settled. @example 1200 */
  poll_after_ms: number;
  /** Why it was refused. */
  reason: RefusalReason | null;
  /** The order it became, once granted. */
  order_id: string | null;
}

export class MyRequestDto extends PositionDto {
  /** @example 2 */
  quantity: number;
  created_at: string;
}

export class MyRequestsDto {
  items: MyRequestDto[];
  next_cursor: string | null;
}
