import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsKeepable, IsTime, MayBeAbsent, MayBeNull } from '../platform/http/index';
import type { TierName } from '../shared/tier';
import type { DoorRule, EventMode, EventState } from './event.entity';

export class NewTicketTypeDto {
  /** @example VIP */
  @Length(1, 60)
  @IsString()
  name: string;

  /** VIPs are served before Regulars. An event has at most one type of each. */
  @IsIn(['VIP', 'Regular'])
  tier: TierName;

  /** Seats. @example 20 */
  @Min(0)
  @Max(10_000_000)
  @IsInt()
  capacity: number;

  /** @example 12000 */
  @MayBeAbsent()
  @Min(0)
  @Max(100_000_000)
  @IsInt()
  price_cents?: number = 0;

  /** ISO 4217. @example EUR */
  @MayBeAbsent()
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be three capital letters' })
  currency?: string = 'EUR';
}

export class PatchTicketTypeDto {
  /** @example VIP */
  @MayBeAbsent()
  @Length(1, 60)
  @IsString()
  name?: string;

  /** Never below what is sold. @example 25 */
  @MayBeAbsent()
  @Min(0)
  @Max(10_000_000)
  @IsInt()
  capacity?: number;

  /** @example 12000 */
  @MayBeAbsent()
  @Min(0)
  @Max(100_000_000)
  @IsInt()
  price_cents?: number;
}

class EventFieldsDto {
  /** @example 2027-05-01T22:00:00Z */
  @MayBeNull()
  @IsTime()
  ends_at?: string | null;

  /** IANA name. @example Europe/Berlin */
  @MayBeAbsent()
  @MaxLength(60)
  @IsString()
  time_zone?: string;

  /** @example An evening of strings. */
  @MayBeAbsent()
  @MaxLength(10_000)
  @IsString()
  description?: string;

  /** Seen by the organiser alone. */
  @MayBeAbsent()
  @MaxLength(10_000)
  @IsString()
  private_notes?: string;

  /** Where it takes place. @example City Hall */
  @MayBeNull()
  @Length(1, 200)
  @IsString()
  venue?: string | null;

  @MayBeAbsent()
  @IsIn(['sale', 'allocation', 'guest_list', 'registration'])
  mode?: EventMode;

  /** Tickets one buyer may hold. @example 4 */
  @MayBeAbsent()
  @Min(1)
  @Max(100)
  @IsInt()
  max_per_buyer?: number;

  /** Requests settled per second; null for as fast as it goes. */
  @MayBeNull()
  @Min(1)
  @Max(1_000_000)
  @IsInt()
  pace?: number | null;

  /** Letters of an entry code. @example 3 */
  @MayBeAbsent()
  @Min(3)
  @Max(8)
  @IsInt()
  entry_code_length?: number;

  @MayBeAbsent()
  @IsIn(['one_step', 'two_step'])
  door?: DoorRule;

  /** Requests are taken from then on. @example 2027-03-01T09:00:00Z */
  @MayBeNull()
  @IsTime()
  sale_opens_at?: string | null;

  /** No request is taken after that; those who asked before keep their place. */
  @MayBeNull()
  @IsTime()
  sale_closes_at?: string | null;
}

export class PatchEventDto extends EventFieldsDto {
  /** @example Spring Concert */
  @MayBeAbsent()
  @Length(1, 200)
  @Matches(/\S/, { message: 'name must not be blank' })
  @IsString()
  name?: string;

  /** @example 2027-05-01T18:00:00Z */
  @MayBeAbsent()
  @IsTime()
  starts_at?: string;
}

export class NewEventDto extends EventFieldsDto {
  /** @example Spring Concert */
  @Length(1, 200)
  @Matches(/\S/, { message: 'name must not be blank' })
  @IsString()
  name: string;

  /** @example 2027-05-01T18:00:00Z */
  @IsTime()
  starts_at: string;

  @ArrayMinSize(1)
  @ArrayMaxSize(2)
  @ArrayUnique((type: NewTicketTypeDto) => type?.tier, {
    message: 'ticket_types may hold one type of each tier',
  })
  @ValidateNested({ each: true })
  @IsObject({ each: true })
  @Type(() => NewTicketTypeDto)
  @IsArray()
  ticket_types: NewTicketTypeDto[];
}

export class EventQueryDto {
  /** Part of the name or the place. */
  @MayBeAbsent()
  @MaxLength(100)
  @IsKeepable()
  @IsString()
  q?: string;

  /** Begins at or after. @example 2026-01-01T00:00:00Z */
  @MayBeAbsent()
  @IsTime()
  from?: string;

  /** Begins before. */
  @MayBeAbsent()
  @IsTime()
  to?: string;

  @MayBeAbsent()
  @IsIn(['open', 'closed', 'completed', 'cancelled'])
  state?: EventState;
}
