import type { INestApplicationContext } from '@nestjs/common';
import { accountsOf, Passwords, putInPeople } from './accounts/index';
import { insertEvent, type NewEventDto } from './events/index';
import { Database } from './platform/database/index';

export const DEMO_PASSWORD = 'Passw0rd!';

const PEOPLE = [
  { name: 'Demo User', email: 'demo@local.test', role: 'attendee' },
  { name: 'Door Staff', email: 'door@local.test', role: 'staff' },
  { name: 'Demo Admin', email: 'admin@local.test', role: 'admin' },
] as const;

export const DEMO_EMAILS = PEOPLE.map(({ email }) => email);

const DAY_MS = 86_400_000;

/**
 * Puts in the demo people and event 1, "Demo Event", unless they are there. For development only: everybody knows the
 * password. Safe when several processes start together.
 */
export async function putInDemo(app: INestApplicationContext): Promise<void> {
  const database = app.get(Database);
  if ((await accountsOf(database, ['demo@local.test'])).length > 0) return;
  const hashed = await app.get(Passwords).hash(DEMO_PASSWORD);
  await database.transaction(async (client) => {
    await client.query(`SELECT pg_advisory_xact_lock(7177102)`);
    await putInPeople(client, PEOPLE, hashed);
    const { rows } = await client.query<{ id: number }>(
      `SELECT id FROM users WHERE email_key = 'admin@local.test' AND NOT EXISTS (SELECT FROM events)`,
    );
    if (rows[0] !== undefined) await insertEvent(client, demoEvent(), rows[0].id, 'open');
  });
}

function demoEvent(): NewEventDto {
  const startsAtMs = Date.now() + 60 * DAY_MS;
  return {
    name: 'Demo Event',
    description: 'An evening to try Tixline with: ask for a ticket and watch your place.',
    venue: 'City Hall',
    starts_at: new Date(startsAtMs).toISOString(),
    ends_at: new Date(startsAtMs + DAY_MS / 6).toISOString(),
    ticket_types: [
      { name: 'VIP', tier: 'VIP', capacity: 20, price_cents: 12_000 },
      { name: 'Regular', tier: 'Regular', capacity: 80, price_cents: 4_500 },
    ],
  };
}
