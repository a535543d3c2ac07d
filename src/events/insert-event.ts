import { randomBytes } from 'node:crypto';
import type { PoolClient } from 'pg';
import { beginLine } from '../line/index';
import { tierOf } from '../shared/tier';
import type { NewEventDto, PatchEventDto } from './events.dto';

/** Field of the body → column. What is not here cannot be changed. */
const COLUMNS: Partial<Record<keyof PatchEventDto, string>> = {
  name: 'name',
  starts_at: 'starts_at',
  ends_at: 'ends_at',
  time_zone: 'time_zone',
  description: 'description',
  private_notes: 'private_notes',
  venue: 'venue',
  mode: 'mode',
  max_per_buyer: 'max_per_buyer',
  entry_code_length: 'entry_code_length',
  door: 'door',
  sale_opens_at: 'sale_opens_at',
  sale_closes_at: 'sale_closes_at',
};

/** The columns that a body gives, with their values. */
export function columnsOf(body: PatchEventDto): (readonly [string, unknown])[] {
  return Object.entries(COLUMNS)
    .map(([field, column]) => [column, body[field as keyof PatchEventDto]] as const)
    .filter(([, value]) => value !== undefined);
}

/**
 * Makes an event with its ticket types and its line, within the caller's transaction. Answers its id.
 * What the body says has been checked before.
 */
export async function insertEvent(
  client: PoolClient,
  body: NewEventDto,
  organizerId: number,
  state: 'draft' | 'open' = 'draft',
): Promise<number> {
  const given = columnsOf(body);
  const names = ['organizer_id', 'state', 'entry_code_key', ...given.map(([column]) => column)];
  const values = [organizerId, state, randomBytes(16), ...given.map(([, value]) => value)];
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO events (${names.join(', ')}) VALUES (${names.map((_, i) => `$${i + 1}`).join(', ')}) RETURNING id`,
    values,
  );
  const eventId = rows[0]!.id;
  for (const { name, tier, capacity, price_cents = 0, currency = 'EUR' } of body.ticket_types) {
    await client.query(
      `INSERT INTO ticket_types (event_id, name, tier, capacity, remaining, price_cents, currency)
       VALUES ($1, $2, $3, $4, $4, $5, $6)`,
      [eventId, name, tierOf(tier), capacity, price_cents, currency],
    );
  }
  await beginLine(client, eventId, body.pace ?? null);
  return eventId;
}
