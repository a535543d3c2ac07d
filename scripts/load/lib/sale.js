/** The event that a load test is about, and the proof afterwards. */
import { call, pause } from './api.js';
import { signInAdmin } from './people.js';
import { checksHeld, seatsGone, verified } from './metrics.js';

/** Makes an event with these seats and opens its sale. Answers its id. Throws when that cannot be done. */
export async function openSale(admin, { name, vip, regular, ...more }) {
  const event = await call('POST', '/api/events', {
    as: admin,
    name: 'create event',
    expect: [201],
    body: {
      name,
      starts_at: new Date(Date.now() + 30 * 86_400_000).toISOString(),
      ticket_types: [
        { name: 'VIP', tier: 'VIP', capacity: vip, price_cents: 12_000 },
        { name: 'Regular', tier: 'Regular', capacity: regular, price_cents: 4_500 },
      ],
      ...more,
    },
  });
  if (event.status !== 201)
    throw new Error(`The event was not made: ${event.status} ${event.body || event.error}`);
  const id = event.json('id');
  const opened = await call('POST', `/api/events/${id}/open`, { as: admin, name: 'open event' });
  if (opened.status !== 200) throw new Error(`The sale was not opened: ${opened.status} ${opened.body}`);
  return id;
}

/** Pauses the line of an event, or lets it go on. */
export async function steerLine(admin, eventId, change) {
  const answer = await call('PATCH', `/api/events/${eventId}/line`, {
    as: admin,
    body: change,
    name: 'steer line',
  });
  if (answer.status !== 200) throw new Error(`The line cannot be steered: ${answer.status} ${answer.body}`);
}

/**
 * Has the server prove its books (what `tixline verify` does), for teardown. What is broken goes to the log, and the
 * threshold on `verified` fails the run.
 */
export async function verifyBooks(eventId) {
  const admin = await signInAdmin();
  const ask = () => call('POST', '/api/verification', { as: admin, name: 'verify', expect: [200, 409] });
  let answer = await ask();
  for (; answer.status === 409; answer = await ask()) await pause(1_000);
  if (answer.status !== 200) {
    console.error(`The books could not be verified: ${answer.status} ${answer.body || answer.error}`);
    return;
  }
  const { ok, checks, seconds } = answer.json();
  verified.add(ok ? 1 : 0);
  checksHeld.add(checks.filter(({ broken, not_checked }) => broken === 0 && not_checked === null).length);
  for (const { name, broken, proves, rows, not_checked } of checks) {
    if (not_checked !== null) console.warn(`${name}: ${not_checked}`);
    if (broken > 0) console.error(`Broken ${broken} times: ${proves} (${name}): ${JSON.stringify(rows[0])}`);
  }
  // Last: what is left is told from a board that follows the database within a second.
  const left = (await call('GET', `/api/availability?event_id=${eventId}`, { name: 'availability' })).json();
  for (const { tier, capacity, remaining } of left.ticket_types)
    seatsGone.add(capacity - remaining, { tier });
  console.info(
    `The books were verified in ${seconds} s: ${ok ? 'they are in order' : 'they are NOT in order'}`,
  );
}

/** Waits until nobody is in line any more, for a minute at most, and says how long that took. */
export async function waitUntilSettled(eventId) {
  const startedAt = Date.now();
  for (let waiting = 1; waiting > 0 && Date.now() - startedAt < 60_000;) {
    const line = (await call('GET', `/api/events/${eventId}/line`, { name: 'line' })).json();
    waiting = line.vip.waiting + line.regular.waiting;
    if (waiting > 0) await pause(500);
    else console.info(`Nobody was in line ${((Date.now() - startedAt) / 1_000).toFixed(1)} s after the end`);
  }
}
