import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/index';
import { Problem, type Identity } from '../platform/http/index';
import { readTicketId, ticketId, type TicketPlace } from '../shared/standing-id';
import { TicketTokens } from './ticket-tokens';
import type { CheckedInDto, DoorReason, DoorTicketDto, TicketStatus, VerifiedDto } from './tickets.dto';
import { DOOR, FIND_TICKET } from './tickets.sql';

interface TicketRow {
  event_id: number;
  number: number;
  status: TicketStatus;
  entered_at: Date | null;
  user_id: number;
  holder: string;
  type_name: string;
  event_name: string;
  event_code: string;
}

const REASONS: Record<TicketStatus, DoorReason | null> = {
  not_entered: null,
  entered: 'already_used',
  entry_denied: 'denied',
  cancelled: 'cancelled',
};

/** Looking at tickets and letting them in. */
@Injectable()
export class CheckIn {
  constructor(
    private readonly database: Database,
    private readonly tokens: TicketTokens,
  ) {}

  /** What a token stands for and whether it would be let in. Changes nothing. */
  async verify(token: string): Promise<VerifiedDto> {
    const reading = this.tokens.read(token);
    if ('fault' in reading) return { valid: false, status: null, ticket: null, reason: reading.fault };
    const row = await this.find(reading.ticket);
    if (row === undefined) return { valid: false, status: null, ticket: null, reason: 'unknown' };
    const reason = REASONS[row.status];
    return { valid: reason === null, status: row.status, ticket: doorTicket(row), reason };
  }

  /** Lets a ticket in. Of any number of scans at once exactly one is `ok`; the others learn when that was. */
  async checkIn(token: string): Promise<CheckedInDto> {
    const reading = this.tokens.read(token);
    if ('fault' in reading) return nobody(reading.fault);
    const { ticket } = reading;
    const entered = await this.database.query<{ entered_at: Date }>(DOOR.enter, [
      ticket.eventId,
      ticket.number,
    ]);
    if (entered.rows[0] !== undefined) {
      return {
        ok: true,
        previous_status: 'not_entered',
        new_status: 'entered',
        entered_at: entered.rows[0].entered_at.toISOString(),
        reason: null,
      };
    }
    const row = await this.find(ticket);
    if (row === undefined) return nobody('unknown');
    return {
      ok: false,
      previous_status: row.status,
      new_status: row.status,
      entered_at: row.entered_at?.toISOString() ?? null,
      reason: REASONS[row.status],
    };
  }

  /** The QR code of a ticket, for its holder. Throws `Problem` not-found for anybody else's, or a cancelled one. */
  async qrFor(id: string, me: Identity): Promise<string> {
    const ticket = readTicketId(id);
    const row = ticket && (await this.find(ticket));
    if (row === undefined || row.user_id !== me.userId || row.status === 'cancelled') {
      throw new Problem('not-found', 'You have no such ticket.');
    }
    return this.tokens.svg(id);
  }

  private async find({ eventId, number }: TicketPlace): Promise<TicketRow | undefined> {
    const { rows } = await this.database.query<TicketRow>(FIND_TICKET, [eventId, number]);
    return rows[0];
  }
}

function nobody(reason: DoorReason): CheckedInDto {
  return { ok: false, previous_status: null, new_status: null, entered_at: null, reason };
}

function doorTicket(row: TicketRow): DoorTicketDto {
  return {
    id: ticketId({ eventId: row.event_id, number: row.number }),
    code: `${row.event_code}-${row.number}`,
    holder: row.holder,
    event: row.event_name,
    ticket_type: row.type_name,
    entered_at: row.entered_at?.toISOString() ?? null,
  };
}
