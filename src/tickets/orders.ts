import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/index';
import { PAGE, Problem, readCursor, writeCursor, type Identity, type PageDto } from '../platform/http/index';
import { entryCode } from '../shared/entry-code';
import { ticketId } from '../shared/standing-id';
import { tierName, type Tier } from '../shared/tier';
import { giveBack } from './give-back';
import { TicketTokens } from './ticket-tokens';
import type { OrderDto, OrdersDto, TicketStatus } from './tickets.dto';
import { LIST_ORDERS } from './tickets.sql';

interface OrderRow {
  id: string;
  event_id: number;
  tier: Tier;
  quantity: number;
  unit_price_cents: number;
  settled_at: Date;
  sort_time: string;
  returned_at: Date | null;
  currency: string;
  event_name: string;
  event_code: string;
  event_state: string;
  starts_at: Date;
  ends_at: Date | null;
  time_zone: string;
  venue: string | null;
  entry_code_length: number;
  entry_code_key: Buffer;
  tickets: { number: number; status: TicketStatus; entered_at: string | null }[];
}

/** A buyer's orders: what their granted requests became. */
@Injectable()
export class Orders {
  constructor(
    private readonly database: Database,
    private readonly tokens: TicketTokens,
  ) {}

  /** The caller's orders with their tickets, the newest first. */
  async list(me: Identity, { limit = PAGE, cursor }: PageDto): Promise<OrdersDto> {
    const { rows } = await this.database.query<OrderRow>(LIST_ORDERS, [
      me.userId,
      ...readCursor(cursor),
      limit,
      null,
    ]);
    const last = rows.at(-1);
    const next = last !== undefined && rows.length === limit ? writeCursor([last.sort_time, last.id]) : null;
    return { items: rows.map((row) => this.answer(row)), next_cursor: next };
  }

  /** One of the caller's orders. Throws `Problem` not-found. */
  async get(id: string, me: Identity): Promise<OrderDto> {
    const { rows } = await this.database.query<OrderRow>(LIST_ORDERS, [me.userId, null, null, 1, id]);
    if (rows[0] === undefined) throw new Problem('not-found', 'You have no such order.');
    return this.answer(rows[0]);
  }

  /**
   * Gives an order back: its tickets are void and its seats are on the shelf again, once however many ask; all get the
   * same answer. Throws `Problem` ticket-used when one of its tickets has been let in, not-found.
   */
  async cancel(id: string, me: Identity): Promise<OrderDto> {
    await this.database.transaction((client) => giveBack(client, id, me.userId));
    return this.get(id, me);
  }

  private answer(row: OrderRow): OrderDto {
    return {
      id: row.id,
      request_id: row.id,
      event: {
        id: row.event_id,
        code: row.event_code,
        name: row.event_name,
        starts_at: row.starts_at.toISOString(),
        ends_at: row.ends_at?.toISOString() ?? null,
        time_zone: row.time_zone,
        venue: row.venue,
        state: row.event_state,
      },
      ticket_type: tierName(row.tier),
      quantity: row.quantity,
      status: row.returned_at === null ? 'confirmed' : 'cancelled',
      total_cents: row.unit_price_cents * row.quantity,
      currency: row.currency,
      created_at: row.settled_at.toISOString(),
      tickets: row.tickets.map(({ number, status, entered_at }) => {
        const id = ticketId({ eventId: row.event_id, number });
        return {
          id,
          code: `${row.event_code}-${number}`,
          entry_code: entryCode(row.entry_code_key, number, row.entry_code_length),
          status,
          entered_at: entered_at === null ? null : new Date(entered_at).toISOString(),
          qr_token: this.tokens.sign(id),
          qr_svg_url: `/api/tickets/${id}/qr.svg`,
        };
      }),
    };
  }
}
