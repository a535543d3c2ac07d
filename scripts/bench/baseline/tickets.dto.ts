import { IsIn, IsInt, Max, Min } from 'class-validator';

export class RequestTicketsDto {
  @IsInt()
  @Min(1)
  event_id: number;

  @IsIn(['VIP', 'Regular'])
  ticket_type: 'VIP' | 'Regular';

  @IsInt()
  @Min(1)
  @Max(10)
  quantity: number;
}

/** What a job carries. */
export interface TicketJob extends RequestTicketsDto {
  request_id: string;
  user_id: number;
}
