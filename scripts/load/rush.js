/**
 * A rush with k6: buyers sign in, ask (some twice, some for the impossible), poll as told, and see the outcome.
 *
 *   k6 run scripts/load/rush.js
 *   k6 run -e BASE_URL=http://localhost:3000 -e BUYERS=5000 -e REQUESTS=20000 -e RATE=1500 scripts/load/rush.js
 *
 * The server should run with RATE_LIMITS=off and the demo data. Buyers are made beforehand, in a second, by
 * `npm run tixline -- seed --buyers 5000`; those that are missing are registered here.
 */
import http from 'k6/http';
import { check, sleep } from 'k6';
import { Counter, Rate, Trend } from 'k6/metrics';
import { scenario } from 'k6/execution';

const BASE_URL = __ENV.BASE_URL || 'http://localhost:3000';
const BUYERS = Number(__ENV.BUYERS || 5000);
const REQUESTS = Number(__ENV.REQUESTS || 20000);
const RATE = Number(__ENV.RATE || 1500);
const VIP_SEATS = Number(__ENV.VIP || 300);
const REGULAR_SEATS = Number(__ENV.REGULAR || 2700);
const PASSWORD = __ENV.PASSWORD || 'Passw0rd!';
const ADMIN = {
  email: __ENV.ADMIN_EMAIL || 'admin@local.test',
  password: __ENV.ADMIN_PASSWORD || 'Passw0rd!',
};

const VIP_SHARE = 0.2;
const REPEATED_SHARE = 0.1;
const IMPOSSIBLE_SHARE = 0.03;
const IMPOSSIBLE = [0, -1, 1.5, '2', 99];

const timeToAccept = new Trend('time_to_accept', true);
const timeToOutcome = new Trend('time_to_outcome', true);
const outcomes = new Counter('outcomes');
const accepted = new Counter('accepted');
const unexpected = new Rate('unexpected');
const oversold = new Counter('oversold');

export const options = {
  setupTimeout: '10m',
  scenarios: {
    rush: {
      executor: 'constant-arrival-rate',
      rate: RATE,
      timeUnit: '1s',
      duration: `${Math.ceil(REQUESTS / RATE)}s`,
      preAllocatedVUs: 500,
      maxVUs: 4000,
      gracefulStop: '60s',
    },
  },
  thresholds: {
    unexpected: ['rate==0'],
    oversold: ['count==0'],
    checks: ['rate==1'],
    time_to_accept: ['p(99)<1000'],
    'time_to_outcome{tier:VIP}': ['p(99)<30000'],
    'time_to_outcome{tier:Regular}': ['p(99)<30000'],
    // Named here so that the summary has them apart.
    'outcomes{tier:VIP,outcome:granted}': ['count>=0'],
    'outcomes{tier:VIP,outcome:sold_out}': ['count>=0'],
    'outcomes{tier:VIP,outcome:limit_reached}': ['count>=0'],
    'outcomes{tier:Regular,outcome:granted}': ['count>=0'],
    'outcomes{tier:Regular,outcome:sold_out}': ['count>=0'],
    'outcomes{tier:Regular,outcome:limit_reached}': ['count>=0'],
  },
};

const json = { 'Content-Type': 'application/json' };
const bearer = (token) => ({ ...json, Authorization: `Bearer ${token}` });

export function setup() {
  const admin = signIn(ADMIN);
  const event = http.post(
    `${BASE_URL}/api/events`,
    JSON.stringify({
      name: 'Rush (k6)',
      starts_at: new Date(Date.now() + 30 * 86400000).toISOString(),
      ticket_types: [
        { name: 'VIP', tier: 'VIP', capacity: VIP_SEATS, price_cents: 12000 },
        { name: 'Regular', tier: 'Regular', capacity: REGULAR_SEATS, price_cents: 4500 },
      ],
    }),
    { headers: bearer(admin) },
  );
  if (event.status !== 201) throw new Error(`The event was not made: ${event.status} ${event.body}`);
  const eventId = event.json('id');
  http.post(`${BASE_URL}/api/events/${eventId}/open`, null, { headers: bearer(admin) });

  const tokens = [];
  for (let i = 1; i <= BUYERS; i += 1)
    tokens.push(signIn({ email: `buyer-${i}@load.test`, password: PASSWORD }));
  return { eventId, tokens };
}

function signIn(person) {
  const login = () => http.post(`${BASE_URL}/api/auth/login`, JSON.stringify(person), { headers: json });
  let answer = login();
  if (answer.status === 401) {
    http.post(`${BASE_URL}/api/auth/register`, JSON.stringify({ name: 'Load Buyer', ...person }), {
      headers: json,
    });
    answer = login();
  }
  if (answer.status !== 200)
    throw new Error(`${person.email} cannot sign in: ${answer.status} ${answer.body}`);
  return answer.json('access_token');
}

export default function rush({ eventId, tokens }) {
  const token = tokens[scenario.iterationInTest % tokens.length];
  const tier = Math.random() < VIP_SHARE ? 'VIP' : 'Regular';
  const possible = Math.random() >= IMPOSSIBLE_SHARE;
  const quantity = possible
    ? 1 + Math.floor(Math.random() * 2)
    : IMPOSSIBLE[Math.floor(Math.random() * IMPOSSIBLE.length)];
  const body = { event_id: eventId, ticket_type: tier, quantity };
  const key = crypto.randomUUID();

  const answer = ask(body, token, key, tier);
  if (!possible) {
    check(answer, { 'the impossible is refused': ({ status }) => status === 400 || status === 422 });
    return;
  }
  unexpected.add(answer.status !== 202);
  if (answer.status !== 202) return;
  accepted.add(1, { tier });
  timeToAccept.add(answer.timings.duration, { tier });
  const acceptedAt = Date.now();
  const requestId = answer.json('request_id');
  if (Math.random() < REPEATED_SHARE) {
    const again = ask(body, token, key, tier);
    check(again, {
      'the same key gives the same answer': ({ status }) =>
        status === 202 && again.json('request_id') === requestId,
    });
  }
  waitForOutcome(requestId, token, tier, acceptedAt, answer.json('poll_after_ms'));
}

/** Asks until it is taken or refused for good: 429 and 503 say when to come back. */
function ask(body, token, key, tier) {
  for (;;) {
    const answer = http.post(`${BASE_URL}/api/ticket-requests`, JSON.stringify(body), {
      headers: { ...bearer(token), 'Idempotency-Key': key },
      tags: { name: 'ask', tier },
      responseCallback: http.expectedStatuses(202, 400, 422),
    });
    if (answer.status !== 429 && answer.status !== 503) return answer;
    sleep(Number(answer.headers['Retry-After'] || 1));
  }
}

function waitForOutcome(requestId, token, tier, acceptedAt, firstPauseMs) {
  let pauseMs = firstPauseMs;
  for (;;) {
    sleep((pauseMs / 1000) * (0.8 + Math.random() * 0.4));
    const answer = http.get(`${BASE_URL}/api/queue/position?request_id=${requestId}`, {
      headers: bearer(token),
      tags: { name: 'position', tier },
    });
    unexpected.add(answer.status !== 200);
    if (answer.status !== 200) return;
    const { status, reason, poll_after_ms: next } = answer.json();
    if (status !== 'queued') {
      timeToOutcome.add(Date.now() - acceptedAt, { tier });
      outcomes.add(1, { tier, outcome: reason || status });
      return;
    }
    pauseMs = next;
  }
}

/** What can be seen from outside: nothing below zero, and no more gone than there was. `tixline verify` proves the rest. */
export function teardown({ eventId }) {
  const left = http.get(`${BASE_URL}/api/availability?event_id=${eventId}`).json();
  for (const { remaining, capacity } of left.ticket_types) {
    if (remaining < 0 || remaining > capacity) oversold.add(1);
  }
  console.log(`left: ${left.vip_left} VIP, ${left.regular_left} Regular. Now run: npm run tixline -- verify`);
}

export function handleSummary(data) {
  const value = (name, key) => data.metrics[name]?.values[key];
  const ms = (name, key) => `${Math.round(value(name, key) ?? 0)} ms`;
  const count = (tier, outcome) => value(`outcomes{tier:${tier},outcome:${outcome}}`, 'count') ?? 0;
  const row = (name, ...cells) =>
    `  ${name.padEnd(26)}${cells.map((cell) => String(cell).padStart(12)).join('')}`;
  const broken = Object.entries(data.metrics).flatMap(([name, { thresholds = {} }]) =>
    Object.entries(thresholds).flatMap(([rule, { ok }]) => (ok ? [] : [`${name}: ${rule}`])),
  );
  const text = [
    '',
    row('accepted', value('accepted', 'count') ?? 0),
    row('time to the 202', `p50 ${ms('time_to_accept', 'med')}`, `p95 ${ms('time_to_accept', 'p(95)')}`),
    row('unexpected answers', `${((value('unexpected', 'rate') ?? 0) * 100).toFixed(2)} %`),
    '',
    row('', 'VIP', 'Regular'),
    ...['granted', 'sold_out', 'limit_reached'].map((name) =>
      row(name, count('VIP', name), count('Regular', name)),
    ),
    row(
      'time to outcome, p95',
      ms('time_to_outcome{tier:VIP}', 'p(95)'),
      ms('time_to_outcome{tier:Regular}', 'p(95)'),
    ),
    '',
    value('accepted', 'count') === undefined
      ? '  Nothing was asked: see the error below.'
      : broken.length === 0
        ? '  All thresholds hold.'
        : `  Broken thresholds: ${broken.join(', ')}`,
    '',
    '',
  ].join('\n');
  return { stdout: text, 'rush-summary.json': JSON.stringify(data, null, 2) };
}
