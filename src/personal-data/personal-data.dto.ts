import { OmitType, PickType } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { UserDto } from '../accounts/index';
import { MyRequestDto } from '../ticket-requests/index';
import { OrderDto, TicketDto } from '../tickets/index';

export class EraseDto {
  /** Yours, to make sure that it is you. @example correct horse battery */
  @MaxLength(128)
  @IsString()
  password: string;
}

class MyAccountDto extends UserDto {
  created_at: string;
}

class AskedDto extends PickType(MyRequestDto, [
  'request_id',
  'event_id',
  'ticket_type',
  'quantity',
  'place',
  'status',
  'reason',
  'created_at',
] as const) {}

class BoughtTicketDto extends OmitType(TicketDto, ['qr_token', 'qr_svg_url'] as const) {}

class BoughtDto extends OmitType(OrderDto, ['tickets'] as const) {
  tickets: BoughtTicketDto[];
}

/** One sign-in on one device. */
class MySessionDto {
  created_at: string;
  /** When it was last used. */
  renewed_at: string;
  /** When it ends if it is not used again. */
  ends_at: string;
  /** When you signed out of it, or it was ended for you. */
  ended_at: string | null;
}

/** Everything kept about a person. */
export class MyDataDto {
  exported_at: string;
  account: MyAccountDto;
  requests: AskedDto[];
  orders: BoughtDto[];
  sessions: MySessionDto[];
}
