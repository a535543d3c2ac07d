import { randomBytes } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { Passwords } from './accounts/index';
import { Database } from './platform/database/index';

export const DEMO_PASSWORD = 'Passw0rd!';

const PEOPLE = [
  ['Demo User', 'demo@local.test', 'attendee'],
  ['Door Staff', 'door@local.test', 'staff'],
  ['Demo Admin', 'admin@local.test', 'admin'],
] as const;

const DAY_MS = 86_400_000;

/**
 * Puts in the demo people and event 1, "Demo Event", unless they are there. For development only: everybody knows the
 * password. Safe when several processes start together.
 */
export async function putInDemo(app: INestApplicationContext): Promise<void> {
  const database = app.get(Database);
  const there = await database.query(`SELECT 1 FROM users WHERE email_key = 'demo@local.test'`);
  if (there.rows.length > 0) return;
  const hashed = await app.get(Passwords).hash(DEMO_PASSWORD);
  await database.transaction(async (client) => {
    await client.query(`SELECT pg_advisory_xact_lock(7177102)`);
    for (const [name, email, role] of PEOPLE) {
      await client.query(
        `INSERT INTO users (name, email, email_key, password_hash, role) VALUES ($1, $2, $2, $3, $4) ON CONFLICT DO NOTHING`,
        [name, email, hashed, role],
      );
    }
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO events (name, description, venue, organizer_id, state, starts_at, ends_at, entry_code_key)
       SELECT 'Demo Event', 'An evening to try Tixline with: ask for a ticket and watch your place.', 'City Hall',
              u.id, 'open', $1, $2, $3
         FROM users u
        WHERE u.email_key = 'admin@local.test' AND NOT EXISTS (SELECT FROM events)
       RETURNING id`,
      [new Date(Date.now() + 60 * DAY_MS), new Date(Date.now() + 60 * DAY_MS + DAY_MS / 6), randomBytes(16)],
    );
    const eventId = rows[0]?.id;
    if (eventId === undefined) return;
    await client.query(
      `INSERT INTO ticket_types (event_id, name, tier, capacity, remaining, price_cents)
       VALUES ($1, 'VIP', 1, 20, 20, 12000), ($1, 'Regular', 2, 80, 80, 4500)`,
      [eventId],
    );
    await client.query(`INSERT INTO lines (event_id) VALUES ($1)`, [eventId]);
    await client.query(`INSERT INTO line_places (event_id, tier) VALUES ($1, 1), ($1, 2)`, [eventId]);
  });
}
