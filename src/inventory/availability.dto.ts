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
}
