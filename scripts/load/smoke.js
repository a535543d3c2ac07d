/**
 * Smoke: one buyer goes the whole way once, and each answer is what the API promises. Ten seconds; run it first.
 *
 *   k6 run scripts/load/smoke.js
 */
import { check } from 'k6';
import { Counter } from 'k6/metrics';
import { waitForOutcome } from './lib/buyer.js';
import { call, pause } from './lib/api.js';
import { accepted, asked, COMMON_THRESHOLDS, waiting } from './lib/metrics.js';
import { buyerAt, signInAdmin, signInBuyers } from './lib/people.js';
import { openSale, steerLine, verifyBooks } from './lib/sale.js';
import { LONG_RUN } from './lib/settings.js';
import { Figures, row, summary } from './lib/summary.js';

/** One when the whole way was gone: an error on it would leave out the checks behind it. */
const finished = new Counter('finished');

export const options = {
  ...LONG_RUN,
  scenarios: { smoke: { executor: 'shared-iterations', vus: 1, iterations: 1, maxDuration: '1m' } },
  thresholds: {
    ...COMMON_THRESHOLDS,
    checks: ['rate==1'],
    http_req_failed: ['rate==0'],
    'outcomes{tier:VIP,outcome:granted}': ['count==1'],
    finished: ['count==1'],
  },
};

export async function setup() {
  const admin = await signInAdmin();
  const tokens = await signInBuyers(2);
  const eventId = await openSale(admin, { name: 'Smoke (k6)', vip: 5, regular: 5 });
  return { eventId, tokens, admin };
}

export default async function smoke({ eventId, tokens, admin }) {
  const [buyer, stranger] = [buyerAt(tokens, 0), buyerAt(tokens, 1)];
  await lookAround(eventId);
  const request = await askForVip(buyer, stranger, eventId);
  const outcome = await waitForOutcome(buyer, request);
  check(outcome, {
    'the request is granted': ({ status, order_id }) => status === 'granted' && Boolean(order_id),
  });
  await useAndGiveBack(buyer, outcome.order_id, eventId);
  await leaveTheLine(buyer, eventId, admin);
  finished.add(1);
}

/** What everybody may see without an account. */
async function lookAround(eventId) {
  const ready = await call('GET', '/health/ready', { name: 'ready' });
  const events = await call('GET', '/api/events', { name: 'events' });
  const line = await call('GET', `/api/events/${eventId}/line`, { name: 'line' });
  const closed = await call('GET', '/api/orders', { name: 'orders', expect: [401] });
  check(ready, { 'it is ready': ({ status }) => status === 200 });
  check(events, { 'the event is listed': (answer) => answer.json().some(({ id }) => id === eventId) });
  check(line, {
    'nobody waits': (answer) => answer.json('vip.waiting') + answer.json('regular.waiting') === 0,
  });
  check(closed, { 'orders need a sign-in': ({ status }) => status === 401 });
}

/** Asks for two VIP tickets, again with the same key, with the key for something else, and for what nobody can have. */
async function askForVip(buyer, stranger, eventId) {
  const body = { event_id: eventId, ticket_type: 'VIP', quantity: 2 };
  const key = crypto.randomUUID();
  const send = (more, as = buyer, expect = [202]) =>
    call('POST', '/api/ticket-requests', {
      as,
      key,
      body: { ...body, ...more },
      name: 'ask',
      tags: { tier: 'VIP' },
      expect,
    });
  const first = await send({});
  const request = { ...first.json(), acceptedAtMs: Date.now() };
  for (const metric of [asked, accepted, waiting]) metric.add(1, { tier: 'VIP' });
  const again = await send({});
  const reused = await send({ quantity: 1 }, buyer, [422]);
  const tooMany = await call('POST', '/api/ticket-requests', {
    as: buyer,
    body: { ...body, quantity: 99 },
    name: 'ask',
    expect: [422],
  });
  const none = await call('POST', '/api/ticket-requests', {
    as: buyer,
    body: { ...body, quantity: 0 },
    name: 'ask',
    expect: [400],
  });
  const foreign = await call('GET', `/api/queue/position?request_id=${request.request_id}`, {
    as: stranger,
    name: 'position',
    expect: [404],
  });
  check(first, {
    'the request is accepted': ({ status }) => status === 202,
    'with an address and a time to come back': ({ headers }) =>
      headers.Location === `/api/ticket-requests/${request.request_id}` && Number(headers['Retry-After']) > 0,
  });
  check(again, {
    'the same key gives the same answer': (answer) => answer.json('request_id') === request.request_id,
    'and says that it does': ({ headers }) => headers['Idempotent-Replayed'] === 'true',
  });
  check(reused, {
    'the same key for something else is refused': (answer) => answer.json('code') === 'key-reused',
  });
  check(tooMany, {
    'more than a buyer may hold is refused': (answer) => answer.json('code') === 'over-limit',
  });
  check(none, { 'none at all is refused': (answer) => answer.json('code') === 'invalid-body' });
  check(foreign, { 'a stranger does not see the request': ({ status }) => status === 404 });
  return request;
}

/** The order with its tickets and their QR codes; then it is given back, twice, and the seats are there again. */
async function useAndGiveBack(buyer, orderId, eventId) {
  const order = (await call('GET', '/api/orders?limit=1', { as: buyer, name: 'orders' })).json('items.0');
  check(order, { 'the order has two tickets': ({ id, tickets }) => id === orderId && tickets.length === 2 });
  const qr = await call('GET', order.tickets[0].qr_svg_url, { as: buyer, name: 'qr' });
  check(qr, { 'a ticket has a QR code': ({ headers }) => headers['Content-Type'].startsWith('image/svg') });
  for (const time of ['once', 'twice']) {
    const back = await call('POST', `/api/orders/${orderId}/cancel`, { as: buyer, name: 'give back' });
    check(back, { [`the order is given back ${time}`]: (answer) => answer.json('status') === 'cancelled' });
  }
  let left;
  // What is left is told from a board that follows the database within a second.
  for (let tries = 0; tries < 6 && left !== 5; tries += 1) {
    if (tries > 0) await pause(500);
    const answer = await call('GET', `/api/availability?event_id=${eventId}`, { name: 'availability' });
    left = answer.json('vip_left');
  }
  check(left, { 'the seats are there again': (seats) => seats === 5 });
}

async function leaveTheLine(buyer, eventId, admin) {
  await steerLine(admin, eventId, { paused: true });
  const body = { event_id: eventId, ticket_type: 'Regular', quantity: 1 };
  const asked = await call('POST', '/api/ticket-requests', { as: buyer, body, name: 'ask', expect: [202] });
  const left = await call('DELETE', `/api/ticket-requests/${asked.json('request_id')}`, {
    as: buyer,
    name: 'leave',
  });
  check(left, { 'who leaves the line has left it': (answer) => answer.json('status') === 'cancelled' });
  await steerLine(admin, eventId, { paused: false });
}

export function teardown({ eventId }) {
  return verifyBooks(eventId);
}

export function handleSummary(data) {
  const figures = new Figures(data);
  const checks = data.root_group.checks.map(({ name, fails }) => `  ${fails === 0 ? '✓' : '✗'} ${name}`);
  return summary('smoke', data, 'Smoke: one buyer, the whole way', [
    ...checks,
    '',
    row('HTTP requests', figures.count('http_reqs')),
    row('from the 202 to the outcome', figures.time('time_to_outcome', 'max')),
  ]);
}
