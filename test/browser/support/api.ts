import { randomBytes } from 'node:crypto';

export const BASE = process.env.TIXLINE_URL ?? '';
const PASSWORD = 'Passw0rd!';

export type Tier = 'VIP' | 'Regular';

export interface Person {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly token: string;
}

export interface Standing {
  readonly request_id: string;
  readonly status: string;
  readonly position: number | null;
  readonly vip_ahead: number;
}

export interface Order {
  readonly id: string;
  readonly status: string;
  readonly quantity: number;
  readonly tickets: readonly {
    id: string;
    code: string;
    entry_code: string;
    status: string;
    qr_token: string;
  }[];
}

/** Calls the API as a program would. Throws unless the answer is good; answers its JSON. */
export async function call<T>(method: string, path: string, as?: Person, body?: unknown): Promise<T> {
  const answer = await fetch(BASE + path, {
    method,
    headers: {
      ...(as && { authorization: `Bearer ${as.token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Signs in a person there is, by default with the demo password. */
export async function signIn(email: string, password = PASSWORD): Promise<Person> {
  const { access_token: token, user } = await call<{
    access_token: string;
    user: { id: number; name: string; email: string };
  }>('POST', '/api/auth/login', undefined, { email, password });
  return { ...user, password, token };
}

/** Somebody new with an account, and one word of a name, so that the menu shows it in full. */
export async function newPerson(name = 'Ada'): Promise<Person> {
  const email = `${name.toLowerCase()}-${randomBytes(5).toString('hex')}@example.org`;
  await call('POST', '/api/auth/register', undefined, { name, email, password: PASSWORD });
  return signIn(email);
}

export const admin = () => signIn('admin@local.test');
export const doorStaff = () => signIn('door@local.test');

/** An event on sale. Names are unique, so that a list of many shows which is whose. */
export async function newEvent(
  seats: { vip?: number; regular?: number },
  fields: Record<string, unknown> = {},
): Promise<{ id: number; name: string }> {
  const as = await admin();
  const name = `Night ${randomBytes(3).toString('hex')}`;
  const types = [
    { name: 'VIP', tier: 'VIP', capacity: seats.vip, price_cents: 12_000 },
    { name: 'Regular', tier: 'Regular', capacity: seats.regular, price_cents: 4_500 },
  ].filter((type) => type.capacity !== undefined);
  const starts = new Date(Date.now() + 40 * 86_400_000).toISOString();
  const body = { name, venue: 'Old Mill', starts_at: starts, ticket_types: types, ...fields };
  const event = await call<{ id: number; name: string }>('POST', '/api/events', as, body);
  await call('POST', `/api/events/${event.id}/open`, as);
  return event;
}

/** Pauses, resumes or paces the line of an event. */
export async function steer(eventId: number, how: { paused?: boolean; pace?: number | null }): Promise<void> {
  await call('PATCH', `/api/events/${eventId}/line`, await admin(), how);
}

export function ask(as: Person, eventId: number, tier: Tier = 'Regular', quantity = 1): Promise<Standing> {
  return call('POST', '/api/ticket-requests', as, { event_id: eventId, ticket_type: tier, quantity });
}

/** Somebody new asks so many times; each request is one to wait behind. */
export async function crowd(eventId: number, requests: number, tier: Tier = 'Regular'): Promise<Person> {
  const person = await newPerson('Crowd');
  for (let asked = 0; asked < requests; asked += 50) {
    const some = Math.min(50, requests - asked);
    await Promise.all(Array.from({ length: some }, () => ask(person, eventId, tier)));
  }
  return person;
}

export const standingOf = (as: Person, requestId: string) =>
  call<Standing>('GET', `/api/queue/position?request_id=${requestId}`, as);

export const requestsOf = async (as: Person) =>
  (await call<{ items: Standing[] }>('GET', '/api/ticket-requests', as)).items;

export const ordersOf = async (as: Person) =>
  (await call<{ items: Order[] }>('GET', '/api/orders', as)).items;

export const leftOf = (eventId: number) =>
  call<{ vip_left: number; regular_left: number }>('GET', `/api/availability?event_id=${eventId}`);
