import { IsBoolean, IsInt, Max, Min } from 'class-validator';
import { MayBeAbsent, MayBeNull } from '../platform/http/index';

export class TierLineDto {
  /** The highest place given out. @example 175 */
  last_place: number;
  /** Every place up to this one has been served. @example 101 */
  served_place: number;
  /** How many wait. @example 74 */
  waiting: number;
}

/** The line as everybody may see it. Your place minus served_place is where you stand. */
export class LineDto {
  /** @example 1 */
  event_id: number;
  vip: TierLineDto;
  regular: TierLineDto;
  /** Over the last ten seconds. @example 120.5 */
  settled_per_second: number;
  /** Requests settled per second at most; null for as fast as it goes. */
  pace: number | null;
  paused: boolean;
  /** When the line last moved. */
  updated_at: string;
}

export class SteerLineDto {
  /** Requests settled per second; null for as fast as it goes. @example 50 */
  @MayBeNull()
  @Min(1)
  @Max(1_000_000)
  @IsInt()
  pace?: number | null;

  /** Hold everybody where they are; nobody loses a place. */
  @MayBeAbsent()
  @IsBoolean()
  paused?: boolean;
}
