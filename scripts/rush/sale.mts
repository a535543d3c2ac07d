/** The organiser's side of a rush: makes a sale and opens it, holds its line and lets it go on. */
import type { Answer, Client } from './client.mts';

export interface Sale {
  readonly eventId: number;
  /** Holds everybody back, or lets them go on. */
  hold(paused: boolean): Promise<void>;
}

/** Opens a sale with so many seats of each kind, as the demo's admin. Throws when the server does not go along. */
export async function openSale(client: Client, name: string, vip: number, regular: number): Promise<Sale> {
  const admin = await client.post('/api/auth/login', { email: 'admin@local.test', password: 'Passw0rd!' });
  const token: string = expectStatus(admin, 200).body.access_token;
  const event = await client.post(
    '/api/events',
    {
      name,
      starts_at: new Date(Date.now() + 30 * 86_400_000).toISOString(),
      ticket_types: [
        { name: 'VIP', tier: 'VIP', capacity: vip, price_cents: 12_000 },
        { name: 'Regular', tier: 'Regular', capacity: regular, price_cents: 4_500 },
      ],
    },
    token,
  );
  const eventId: number = expectStatus(event, 201).body.id;
  expectStatus(await client.post(`/api/events/${eventId}/open`, undefined, token), 200);
  return {
    eventId,
    async hold(paused) {
      expectStatus(await client.patch(`/api/events/${eventId}/line`, { paused }, token), 200);
    },
  };
}

/** Hands an answer on when it is the one expected, and throws with what was answered when not. */
export function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status === status) return answer;
  throw new Error(`Answered ${answer.status} in place of ${status}: ${JSON.stringify(answer.body)}`);
}
