import { Injectable, Logger } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { Line, setPace } from '../line/index';
import { Database, isCheckViolation } from '../platform/database/index';
import { Problem, type Identity } from '../platform/http/index';
import type { EventState } from './event.entity';
import { EventReader, noEvent } from './event-reader';
import type { OwnEventDto } from './events.answers.dto';
import type { NewEventDto, PatchEventDto, PatchTicketTypeDto } from './events.dto';
import { columnsOf, insertEvent } from './insert-event';

/** Which state each step may be taken from. */
const STEPS = {
  open: { from: ['draft', 'closed'], to: 'open' },
  close: { from: ['open'], to: 'closed' },
} as const satisfies Record<string, { from: EventState[]; to: EventState }>;

type Step = keyof typeof STEPS;

/** Making and changing events. Every change tells the line boards of all processes (NOTIFY line). */
@Injectable()
export class Events {
  private readonly log = new Logger('events');

  constructor(
    private readonly database: Database,
    private readonly reader: EventReader,
    private readonly line: Line,
  ) {}

  /** Makes a draft with its ticket types and its line. */
  async create(body: NewEventDto, me: Identity): Promise<OwnEventDto> {
    checkTimes(body);
    const id = await this.database.transaction((client) => insertEvent(client, body, me.userId));
    return this.reader.getOwn(id, me);
  }

  /** Changes what is given. Throws `Problem` not-found, version-conflict (when `version` is given and has moved on). */
  async patch(
    id: number,
    body: PatchEventDto,
    version: number | undefined,
    me: Identity,
  ): Promise<OwnEventDto> {
    const before = await this.reader.getOwn(id, me);
    const given = columnsOf(body);
    checkTimes({ ...before, ...Object.fromEntries(given) });
    await this.database.transaction(async (client) => {
      // The event's row first, its line's after it, as everywhere: two changes at once take turns and never lock each other.
      if (body.entry_code_length !== undefined) await refuseOnceIssued(client, id, body.entry_code_length);
      await this.touch(client, id, version, given);
      if (body.max_per_buyer !== undefined) await refuseBelowHeld(client, id, body.max_per_buyer);
      if (body.pace !== undefined) await setPace(client, id, body.pace);
    });
    return this.reader.getOwn(id, me);
  }

  /**
   * Changes a ticket type. A new capacity moves what remains by the same number, in one conditional update, so that it
   * can never be below what is sold: throws `Problem` capacity-below-sold.
   */
  async patchType(
    id: number,
    typeId: number,
    body: PatchTicketTypeDto,
    version: number | undefined,
    me: Identity,
  ): Promise<OwnEventDto> {
    await this.reader.getOwn(id, me);
    await this.database.transaction(async (client) => {
      await this.touch(client, id, version, []);
      const { rows } = await client.query<{ sold: number }>(
        `SELECT capacity - remaining AS sold FROM ticket_types WHERE id = $1 AND event_id = $2 FOR UPDATE`,
        [typeId, id],
      );
      if (rows[0] === undefined) throw new Problem('not-found', 'The event has no such ticket type.');
      const { sold } = rows[0];
      if (body.capacity !== undefined && body.capacity < sold) {
        throw new Problem('capacity-below-sold', `${sold} are sold: the capacity must be ${sold} or more.`);
      }
      await client.query(
        `UPDATE ticket_types
            SET name = coalesce($2, name), price_cents = coalesce($3, price_cents),
                remaining = remaining + coalesce($4, capacity) - capacity, capacity = coalesce($4, capacity)
          WHERE id = $1`,
        [typeId, body.name ?? null, body.price_cents ?? null, body.capacity ?? null],
      );
    });
    return this.reader.getOwn(id, me);
  }

  /**
   * Takes one step of an event's life; a paused line goes on when its sale is closed. Throws `Problem` version-conflict
   * (when `version` is given and has moved on), wrong-state when it cannot be taken now.
   */
  async step(id: number, step: Step, version: number | undefined, me: Identity): Promise<OwnEventDto> {
    await this.reader.getOwn(id, me);
    const { from, to } = STEPS[step];
    const { rowCount } = await this.database.query(
      // A pause holds tickets back, not the news that there will be none: those who wait are refused at once.
      `WITH stepped AS (
         UPDATE events SET state = $2, version = version + 1 WHERE id = $1 AND state = ANY ($3) AND ($4::int IS NULL OR version = $4)
         RETURNING id, state
       ), going_on AS (
         UPDATE lines l SET paused = false FROM stepped s WHERE l.event_id = s.id AND s.state = 'closed')
       SELECT pg_notify('line', id::text) FROM stepped`,
      [id, to, from, version ?? null],
    );
    if (rowCount === 0) {
      const now = await this.reader.getOwn(id, me);
      if (version !== undefined && version !== now.version) throw movedOn();
      throw new Problem(
        'wrong-state',
        `The event is ${now.state}; to ${step} it, it must be ${from.join(' or ')}.`,
      );
    }
    this.log.log(`event ${id}: ${to}, by user ${me.userId}`);
    // The queue's own pause follows; what fails here a worker's sweeper finds.
    if (step === 'close') await this.line.steer(id, { paused: false }).catch(() => undefined);
    return this.reader.getOwn(id, me);
  }

  private async touch(
    client: PoolClient,
    id: number,
    version: number | undefined,
    given: readonly (readonly [string, unknown])[],
  ): Promise<void> {
    const sets = given.map(([column], i) => `${column} = $${i + 3}`);
    const { rows } = await client
      .query(
        `UPDATE events SET ${['version = version + 1', ...sets].join(', ')}
          WHERE id = $1 AND ($2::int IS NULL OR version = $2) RETURNING pg_notify('line', id::text)`,
        [id, version ?? null, ...given.map(([, value]) => value)],
      )
      .catch((error: unknown) => {
        // Times that fitted those read before, and do not fit what somebody else has written since.
        throw isCheckViolation(error) ? movedOn() : error;
      });
    if (rows.length > 0) return;
    throw version === undefined ? noEvent() : movedOn();
  }
}

const movedOn = () =>
  new Problem('version-conflict', 'Load the event again, look at what changed, and repeat your change.');

function checkTimes(event: PatchEventDto): void {
  const { starts_at, ends_at, sale_opens_at, sale_closes_at, time_zone } = event;
  const errors = [];
  if (starts_at && ends_at && Date.parse(ends_at) < Date.parse(starts_at)) {
    errors.push({ pointer: '/ends_at', message: 'must not be before starts_at' });
  }
  if (sale_opens_at && sale_closes_at && Date.parse(sale_closes_at) <= Date.parse(sale_opens_at)) {
    errors.push({ pointer: '/sale_closes_at', message: 'must be after sale_opens_at' });
  }
  if (time_zone !== undefined && !isTimeZone(time_zone)) {
    errors.push({ pointer: '/time_zone', message: 'must be an IANA time zone such as Europe/Berlin' });
  }
  if (errors.length > 0) throw new Problem('invalid-body', undefined, { errors });
}

function isTimeZone(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Entry codes are made from the ticket's number and this length: changing it would change codes people hold. */
async function refuseOnceIssued(client: PoolClient, id: number, length: number): Promise<void> {
  const event = await client.query<{ entry_code_length: number }>(
    `SELECT entry_code_length FROM events WHERE id = $1 FOR UPDATE`,
    [id],
  );
  const line = await client.query<{ tickets_issued: number }>(
    `SELECT tickets_issued FROM lines WHERE event_id = $1 FOR UPDATE`,
    [id],
  );
  if (event.rows[0]?.entry_code_length !== length && (line.rows[0]?.tickets_issued ?? 0) > 0)
    throw new Problem('wrong-state', 'Tickets are out: their entry codes cannot change any more.');
}

/** The line's row is held meanwhile, so that nobody is granted more before the new limit counts. */
async function refuseBelowHeld(client: PoolClient, id: number, limit: number): Promise<void> {
  await client.query(`SELECT 1 FROM lines WHERE event_id = $1 FOR UPDATE`, [id]);
  const { rows } = await client.query<{ most: number | null }>(
    `SELECT max(held) AS most FROM holdings WHERE event_id = $1`,
    [id],
  );
  const most = rows[0]?.most ?? 0;
  if (most > limit) {
    throw new Problem(
      'limit-below-held',
      `Somebody holds ${most} tickets: the limit must be ${most} or more.`,
    );
  }
}
