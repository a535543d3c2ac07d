import { Injectable } from '@nestjs/common';
import { LineBoard, notOnSale, outlook, type EventBoard } from '../line/index';
import { Database } from '../platform/database/index';
import {
  PAGE,
  Problem,
  readCursor,
  tooMany,
  writeCursor,
  type Identity,
  type PageDto,
} from '../platform/http/index';
import { RateLimits, RULES } from '../platform/limits/index';
import type { RefusalReason } from '../shared/refusal';
import { readStandingId } from '../shared/standing-id';
import { isAmong } from '../shared/position';
import { REGULAR, tierName, tierOf, VIP, type Tier } from '../shared/tier';
import { Intake } from './intake';
import { FIND_REQUEST, FIRST_ANSWER, LEAVE_LINE, LIST_REQUESTS, type Ask } from './intake.sql';
import { acceptedAnswer } from './quote';
import type { AcceptedDto, Wanted, MyRequestsDto, PositionDto, RequestStatus } from './ticket-requests.dto';

interface RequestRow {
  id: string;
  event_id: number;
  tier: Tier;
  place: number;
  quantity: number;
  status: RequestStatus;
  reason: RefusalReason | null;
}

interface FirstAnswerRow {
  event_id: number;
  tier: Tier;
  quantity: number;
  place: number;
  line_offset: number;
  vip_ahead: number | null;
  per_second: number | null;
}

/** Asking for tickets, finding out where one stands, and leaving the line. */
@Injectable()
export class TicketRequests {
  /** Keys on their way to the database in this process: a second one meanwhile is told to wait. */
  private readonly keysInFlight = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly board: LineBoard,
    private readonly intake: Intake,
    private readonly limits: RateLimits,
  ) {}

  /**
   * Takes a request in. Resolves once it is durable, with the place it will keep; `replayed` when the key had been used
   * before and this is the first answer again.
   * Throws `Problem` not-found, sale-not-open, no-such-ticket-type, over-limit, key-in-use, key-reused, too-many-requests,
   * unavailable.
   */
  async ask(
    body: Wanted,
    key: string | undefined,
    me: Identity,
  ): Promise<{ answer: AcceptedDto; replayed: boolean }> {
    const known = readKey(key);
    const board = this.board.peek(body.event_id) ?? (await this.board.get(body.event_id));
    let ask: Ask;
    try {
      ask = this.check(board, body, known, me);
    } catch (refusal) {
      // Whoever was taken in before the sale closed is answered as the first time. Before the first request of an event
      // there is nothing to look for, so a rush before the opening costs no query.
      const hasAnswers = board !== undefined && board.vip.lastPlace + board.regular.lastPlace > 0;
      const first = known !== null && hasAnswers ? await this.firstAnswer(body, known, me) : undefined;
      if (first === undefined) throw refusal;
      return { answer: first, replayed: true };
    }
    if (ask.key === null) return this.take(ask, body, me);
    const inFlight = `${ask.userId} ${ask.key}`;
    if (this.keysInFlight.has(inFlight)) {
      throw new Problem('key-in-use', 'Wait a moment and send it again: you will get its answer.', {
        retryAfterSeconds: 1,
      });
    }
    this.keysInFlight.add(inFlight);
    try {
      return await this.take(ask, body, me);
    } finally {
      this.keysInFlight.delete(inFlight);
    }
  }

  /**
   * Where a request stands, by the numbers of the board when its id carries the caller's mark and it still waits, and by
   * one look-up otherwise. Throws `Problem` not-found when it is not the caller's.
   */
  position(id: string, me: Identity): PositionDto | Promise<PositionDto> {
    const standing = readStandingId(id);
    if (standing?.mark === me.mark) {
      const board = this.board.peek(standing.eventId);
      const tier = standing.kind as Tier;
      if (board !== undefined && waits(board, tier, standing.number)) {
        return queuedAnswer(id, board, tier, standing.number);
      }
    }
    return this.lookUp(id, me);
  }

  /** Leaves the line; the same answer however often. Throws `Problem` already-settled, not-found. */
  async cancel(id: string, me: Identity): Promise<PositionDto> {
    await this.database.query(LEAVE_LINE, [[id], me.userId], 'leave-line');
    const row = await this.find(id, me);
    if (row.status !== 'cancelled') {
      throw new Problem(
        'already-settled',
        `It is ${row.status} already${row.status === 'granted' ? ': cancel the order instead' : ''}.`,
      );
    }
    await this.board.refresh([row.event_id]);
    return settledAnswer(row);
  }

  /** The caller's requests, the newest first, each as `position` would answer it. */
  async list(me: Identity, { limit = PAGE, cursor }: PageDto): Promise<MyRequestsDto> {
    const values = [me.userId, ...readCursor(cursor), limit];
    const { rows } = await this.database.query<RequestRow & { created_at: Date; sort_time: string }>(
      LIST_REQUESTS,
      values,
    );
    const items = await Promise.all(
      rows.map(async (row) => ({
        ...(await this.answer(row)),
        quantity: row.quantity,
        created_at: row.created_at.toISOString(),
      })),
    );
    const last = rows.at(-1);
    const next = last !== undefined && rows.length === limit ? writeCursor([last.sort_time, last.id]) : null;
    return { items, next_cursor: next };
  }

  private check(board: EventBoard | undefined, body: Wanted, key: string | null, me: Identity): Ask {
    if (board === undefined || board.state === 'draft')
      throw new Problem('not-found', 'There is no such event.');
    const closed = notOnSale(board, this.board.nowMs());
    if (closed !== undefined) throw new Problem('sale-not-open', closed);
    const tier = tierOf(body.ticket_type);
    const type = board.types.find((candidate) => candidate.tier === tier);
    if (type === undefined)
      throw new Problem('no-such-ticket-type', `This event has no ${body.ticket_type} tickets.`);
    const quantity = body.quantity ?? 1;
    if (quantity > board.maxPerBuyer) {
      throw new Problem('over-limit', `One buyer may hold ${board.maxPerBuyer} tickets of this event.`, {
        errors: [{ pointer: '/quantity', message: `must be ${board.maxPerBuyer} or less` }],
      });
    }
    return {
      eventId: board.eventId,
      tier,
      ticketTypeId: type.id,
      userId: me.userId,
      mark: me.mark,
      quantity,
      key,
    };
  }

  private async take(
    ask: Ask,
    body: Wanted,
    me: Identity,
  ): Promise<{ answer: AcceptedDto; replayed: boolean }> {
    const wait = this.limits.takeHere(RULES.askForEvent, ask.eventId);
    if (wait > 0) throw tooMany(wait, 'So many are asking for this event that it takes no more right now.');
    const accepted = await this.intake.accept(ask);
    if (accepted !== 'repeated')
      return { answer: acceptedAnswer(ask, accepted.place, accepted.quote), replayed: false };
    return { answer: (await this.firstAnswer(body, ask.key!, me))!, replayed: true };
  }

  /** What was answered to a key the first time, `undefined` for a new key. Throws `Problem` key-reused. */
  private async firstAnswer(body: Wanted, key: string, me: Identity): Promise<AcceptedDto | undefined> {
    const { rows } = await this.database.query<FirstAnswerRow>(
      FIRST_ANSWER,
      [me.userId, key],
      'first-answer',
    );
    const [first] = rows;
    if (first === undefined) return undefined;
    const quantity = body.quantity ?? 1;
    if (
      first.event_id !== body.event_id ||
      first.tier !== tierOf(body.ticket_type) ||
      first.quantity !== quantity
    ) {
      throw new Problem('key-reused', 'Send a new Idempotency-Key with each new request.');
    }
    return acceptedAnswer(
      { eventId: first.event_id, tier: first.tier, quantity, mark: me.mark },
      first.place,
      {
        lineOffset: first.line_offset,
        vipAhead: first.vip_ahead ?? 0,
        perSecond: first.per_second,
      },
    );
  }

  private async lookUp(id: string, me: Identity): Promise<PositionDto> {
    return this.answer(await this.find(id, me));
  }

  private async find(id: string, me: Identity): Promise<RequestRow> {
    const { rows } = await this.database.query<RequestRow>(FIND_REQUEST, [id, me.userId], 'find-request');
    if (rows[0] === undefined) throw new Problem('not-found', 'You have no such request.');
    return rows[0];
  }

  private async answer(row: RequestRow): Promise<PositionDto> {
    if (row.status !== 'queued') return settledAnswer(row);
    const board = await this.board.get(row.event_id);
    return queuedAnswer(row.id, board!, row.tier, row.place);
  }
}

/** Whether a place still waits, as far as the board knows: given out, not served, not cancelled. */
function waits(board: EventBoard, tier: Tier, place: number): boolean {
  if (tier !== VIP && tier !== REGULAR) return false;
  const line = tier === VIP ? board.vip : board.regular;
  return place > line.servedPlace && place <= line.lastPlace && !isAmong(line.cancelled, place);
}

function queuedAnswer(id: string, board: EventBoard, tier: Tier, place: number): PositionDto {
  const { position, ahead, vip_ahead, eta_seconds, chance, poll_after_ms } = outlook(board, tier, place);
  return {
    request_id: id,
    status: 'queued',
    event_id: board.eventId,
    ticket_type: tierName(tier),
    place,
    position,
    ahead,
    vip_ahead,
    eta_seconds,
    chance,
    poll_after_ms,
    reason: null,
    order_id: null,
  };
}

function settledAnswer(row: RequestRow): PositionDto {
  return {
    request_id: row.id,
    status: row.status,
    event_id: row.event_id,
    ticket_type: tierName(row.tier),
    place: row.place,
    position: null,
    ahead: 0,
    vip_ahead: 0,
    eta_seconds: null,
    chance: row.status === 'granted' ? 'likely' : 'none',
    poll_after_ms: 0,
    reason: row.reason,
    order_id: row.status === 'granted' ? row.id : null,
  };
}

const KEY = /^[\x21-\x7e]{1,255}$/;

function readKey(key: string | undefined): string | null {
  if (key === undefined) return null;
  if (!KEY.test(key)) {
    throw new Problem(
      'bad-request',
      'Idempotency-Key must be 1 to 255 visible ASCII characters, a UUID for example.',
    );
  }
  return key;
}
