import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import type { TierName } from '../shared/tier';

export class AvailabilityQueryDto {
  /** @example 1 */
  @Type(() => Number)
  @Min(1)
  @Max(16_777_215)
  @IsInt()
  event_id: number;
}

export class AvailableTypeDto {
  id: number;
  name: string;
  tier: TierName;
  capacity: number;
  remaining: number;
}

export class AvailabilityDto {
  /** @example 1 */
  event_id: number;
  /** @example 20 */
  vip_left: number;
  /** @example 80 */
  regular_left: number;
  ticket_types: AvailableTypeDto[];
  /** State of the event: a page that stays open notices here that the sale was opened or closed. @example open */
  state: string;
  /** Requests are taken from then on; null for as soon as it is open. */
  sale_opens_at: string | null;
  /** And until then; null for until it is closed. */
  sale_closes_at: string | null;
}
