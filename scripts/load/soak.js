/**
 * Soak: a steady, moderate flow of buyers for a long time. They look around, ask, wait, look at their tickets, and give
 * them back, so that there are always seats; what grows, leaks or slows down shows in the last third.
 *
 *   k6 run scripts/load/soak.js
 *   k6 run -e DURATION_SECONDS=120 -e RATE=100 scripts/load/soak.js
 */
import { scenario, vu } from 'k6/execution';
import { Counter } from 'k6/metrics';
import { call, noteUnexpected } from './lib/api.js';
import { ask, waitForOutcome, wish } from './lib/buyer.js';
import { crowd } from './lib/crowd.js';
import { COMMON_THRESHOLDS } from './lib/metrics.js';
import { buyerAt, signInAdmin, signInBuyers } from './lib/people.js';
import { openSale, verifyBooks } from './lib/sale.js';
import { CROWD, CROWD_CONNECTIONS, LONG_RUN, whole } from './lib/settings.js';
import { Figures, loadLines, PERCENTILES, requestLines, row, summary, tierLines } from './lib/summary.js';

const DURATION_SECONDS = whole('DURATION_SECONDS', 1_800);
/** Buyers who come per second. */
const RATE = whole('RATE', 100);
const BUYERS = whole('BUYERS', 1_000);
const READY_SECONDS = whole('READY_SECONDS', 20);

/** More than all seats that may be out at a time: each buyer holds at most four. */
const SEATS = 4 * BUYERS;
const vus = Math.max(2, Math.ceil((RATE / CROWD) * READY_SECONDS));
const PARTS = ['first', 'middle', 'last'];
const TIMES = ['time_to_accept', 'time_to_outcome', 'http_req_duration{name:orders}'];

const givenBack = new Counter('given_back');

export const options = {
  ...LONG_RUN,
  ...CROWD_CONNECTIONS,
  scenarios: {
    soak: {
      executor: 'constant-arrival-rate',
      rate: RATE,
      timeUnit: `${CROWD}s`,
      duration: `${DURATION_SECONDS}s`,
      preAllocatedVUs: vus,
      maxVUs: vus,
      gracefulStop: '90s',
    },
  },
  thresholds: {
    ...COMMON_THRESHOLDS,
    dropped_iterations: ['count==0'],
    ...Object.fromEntries(PARTS.flatMap((part) => TIMES.map((name) => [tagged(name, part), ['p(99)>=0']]))),
    [tagged('time_to_accept', 'last')]: ['p(95)<500'],
    [tagged('time_to_outcome', 'last')]: ['p(95)<5000'],
  },
};

/** The name of a metric's part, also of one that has a tag already. */
function tagged(name, part) {
  return name.endsWith('}') ? name.replace('}', `,part:${part}}`) : `${name}{part:${part}}`;
}

export async function setup() {
  const admin = await signInAdmin();
  const tokens = await signInBuyers(BUYERS);
  const eventId = await openSale(admin, { name: 'Soak (k6)', vip: SEATS, regular: SEATS });
  return { eventId, tokens };
}

export default async function soak({ eventId, tokens }) {
  const tags = { part: PARTS[Math.min(2, Math.floor(scenario.progress * 3))] };
  await crowd(CROWD, 1_000 / RATE, async (place) => {
    // A VU keeps to its own buyers, so that a token that expires is renewed once.
    const buyer = buyerAt(tokens, (vu.idInTest - 1) * CROWD + place);
    await lookAround(eventId);
    const request = await ask(buyer, wish(eventId), tags);
    const outcome = request && (await waitForOutcome(buyer, request));
    if (outcome?.status === 'granted') await giveBack(buyer, outcome.order_id, tags);
  });
}

async function lookAround(eventId) {
  const path = [
    `/api/events/${eventId}`,
    `/api/availability?event_id=${eventId}`,
    `/api/events/${eventId}/line`,
  ];
  const answer = await call('GET', path[Math.floor(Math.random() * path.length)], { name: 'look around' });
  if (answer.status !== 200) noteUnexpected('looked around', answer);
}

async function giveBack(buyer, orderId, tags) {
  const orders = await call('GET', '/api/orders?limit=5', { as: buyer, name: 'orders', tags });
  if (orders.status !== 200) noteUnexpected('looked at the orders', orders);
  const back = await call('POST', `/api/orders/${orderId}/cancel`, { as: buyer, name: 'give back' });
  if (back.status === 200) givenBack.add(1);
  else noteUnexpected('gave an order back', back);
}

export function teardown({ eventId }) {
  return verifyBooks(eventId);
}

export function handleSummary(data) {
  const figures = new Figures(data);
  const times = (label, name) =>
    PERCENTILES.map(([title, figure]) =>
      row(`${label}, ${title}`, ...PARTS.map((part) => figures.time(tagged(name, part), figure))),
    );
  return summary('soak', data, `Soak: ${RATE} buyers a second for ${DURATION_SECONDS} s`, [
    ...requestLines(figures),
    row('orders given back', figures.count('given_back')),
    '',
    row('by thirds of the time', ...PARTS),
    ...times('time to the 202', 'time_to_accept'),
    ...times('from the 202 to the outcome', 'time_to_outcome'),
    ...times('list of orders', 'http_req_duration{name:orders}'),
    '',
    ...tierLines(figures),
    '',
    ...loadLines(figures),
  ]);
}
