/** The things the server speaks of, named as people name them. The shapes are the generated ones. */
import type * as api from '../api';

export type TicketedEvent = Omit<api.EventDetailDto, 'description'> & { description?: string | null };
export type OwnEvent = api.OwnEventDto;
export type TicketType = api.TicketTypeDto;
export type Tier = TicketType['tier'];
export type Line = api.LineDto;
export type Standing = api.PositionDto;
export type MyRequest = api.MyRequestDto;
export type Order = api.OrderDto;
export type Ticket = api.TicketDto;
