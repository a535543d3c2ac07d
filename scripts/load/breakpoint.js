/**
 * Breakpoint: more and more buyers a second, until a threshold breaks; that ends the run. The summary says at which rate
 * it broke and how it was on the way there. It is meant to end with a broken threshold (k6's exit code 99).
 *
 *   k6 run scripts/load/breakpoint.js
 *   k6 run -e FROM=200 -e TO=5000 -e RAMP_SECONDS=120 scripts/load/breakpoint.js
 */
import { scenario } from 'k6/execution';
import { Gauge } from 'k6/metrics';
import { ask, waitForOutcome, wish } from './lib/buyer.js';
import { crowd } from './lib/crowd.js';
import { COMMON_THRESHOLDS } from './lib/metrics.js';
import { buyerAt, signInAdmin, signInBuyers } from './lib/people.js';
import { openSale, verifyBooks, waitUntilSettled } from './lib/sale.js';
import { CROWD, CROWD_CONNECTIONS, LONG_RUN, whole } from './lib/settings.js';
import { Figures, requestLines, row, summary } from './lib/summary.js';

const FROM = whole('FROM', 200);
const TO = whole('TO', 5_000);
const RAMP_SECONDS = whole('RAMP_SECONDS', 180);
const BUYERS = whole('BUYERS', 1_000);
const READY_SECONDS = whole('READY_SECONDS', 6);
/** What nobody should have to wait longer for than one in twenty: the 202, and the outcome after it. */
const ACCEPT_MS = whole('ACCEPT_MS', 500);
const OUTCOME_MS = whole('OUTCOME_MS', 5_000);

const BANDS = 12;
const vus = Math.ceil((TO / CROWD) * READY_SECONDS);

/** The rate at which buyers come now, per second. */
const rateNow = new Gauge('rate_now');

const breaks = (threshold) => [{ threshold, abortOnFail: true }];
const { waiting: _, ...common } = COMMON_THRESHOLDS;

export const options = {
  ...LONG_RUN,
  ...CROWD_CONNECTIONS,
  scenarios: {
    breakpoint: {
      executor: 'ramping-arrival-rate',
      startRate: FROM,
      timeUnit: `${CROWD}s`,
      stages: [{ target: TO, duration: `${RAMP_SECONDS}s` }],
      preAllocatedVUs: vus,
      maxVUs: vus,
      gracefulStop: '60s',
    },
  },
  thresholds: {
    ...common,
    unexpected: breaks('count==0'),
    dropped_iterations: breaks('count==0'),
    time_to_accept: breaks(`p(95)<${ACCEPT_MS}`),
    time_to_outcome: breaks(`p(95)<${OUTCOME_MS}`),
    ...Object.fromEntries(
      Array.from({ length: BANDS }, (_, band) => [
        [`time_to_accept{band:${band}}`, ['p(99)>=0']],
        [`time_to_outcome{band:${band}}`, ['p(99)>=0']],
      ]).flat(),
    ),
  },
};

export async function setup() {
  const admin = await signInAdmin();
  const tokens = await signInBuyers(BUYERS);
  const eventId = await openSale(admin, { name: 'Breakpoint (k6)', vip: 2_000, regular: 8_000 });
  return { eventId, tokens };
}

export default async function breakpoint({ eventId, tokens }) {
  const share = Math.min(1, (Date.now() - scenario.startTime) / (RAMP_SECONDS * 1_000));
  const rate = FROM + (TO - FROM) * share;
  rateNow.add(rate);
  const tags = { band: String(Math.min(BANDS - 1, Math.floor(share * BANDS))) };
  const first = scenario.iterationInTest * CROWD;
  await crowd(CROWD, 1_000 / rate, async (place) => {
    const buyer = buyerAt(tokens, first + place);
    const request = await ask(buyer, wish(eventId), tags);
    if (request !== undefined) await waitForOutcome(buyer, request);
  });
}

export async function teardown({ eventId }) {
  await waitUntilSettled(eventId);
  await verifyBooks(eventId);
}

export function handleSummary(data) {
  const figures = new Figures(data);
  const bandLines = Array.from({ length: BANDS }, (_, band) => band).flatMap((band) => {
    const tags = `{band:${band}}`;
    const count = figures.count('time_to_accept', tags);
    if (count === 0) return [];
    const [from, to] = [band, band + 1].map((edge) => Math.round(FROM + ((TO - FROM) * edge) / BANDS));
    const times = ['time_to_accept', 'time_to_outcome'].flatMap((name) =>
      ['med', 'p(95)'].map((figure) => figures.time(name, figure, tags)),
    );
    return [row(`${from} to ${to} a second`, count, ...times)];
  });
  return summary(
    'breakpoint',
    data,
    `Breakpoint: from ${FROM} to ${TO} buyers a second in ${RAMP_SECONDS} s`,
    [
      row('ended at, buyers a second', figures.of('rate_now', 'value')),
      '',
      row('', 'accepted', '202 p50', '202 p95', 'outcome p50', 'outcome p95'),
      ...bandLines,
      '',
      ...requestLines(figures),
      row('dropped: due, and k6 had no VU free', figures.count('dropped_iterations')),
    ],
  );
}
