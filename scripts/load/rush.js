/**
 * A rush: from one moment to the next, buyers ask at a steady rate (an open loop: nobody waits for the server before
 * they ask), some twice, some for the impossible; each polls as told until the outcome.
 *
 *   k6 run scripts/load/rush.js
 *   k6 run -e BASE_URL=http://localhost:3000 -e BUYERS=5000 -e REQUESTS=20000 -e RATE=1000 scripts/load/rush.js
 */
import { scenario } from 'k6/execution';
import { ask, waitForOutcome, wish } from './lib/buyer.js';
import { crowd } from './lib/crowd.js';
import { COMMON_THRESHOLDS } from './lib/metrics.js';
import { buyerAt, signInAdmin, signInBuyers } from './lib/people.js';
import { openSale, verifyBooks } from './lib/sale.js';
import { CROWD, CROWD_CONNECTIONS, LONG_RUN, whole } from './lib/settings.js';
import { Figures, loadLines, requestLines, row, summary, tierLines } from './lib/summary.js';

const BUYERS = whole('BUYERS', 5_000);
const REQUESTS = whole('REQUESTS', 20_000);
const RATE = whole('RATE', 1_000);
const VIP_SEATS = whole('VIP', 300);
const REGULAR_SEATS = whole('REGULAR', 2_700);
/** How long an iteration may take before VUs run short; see README.md. */
const READY_SECONDS = whole('READY_SECONDS', 12);

const vus = Math.ceil((RATE / CROWD) * READY_SECONDS);

export const options = {
  ...LONG_RUN,
  ...CROWD_CONNECTIONS,
  scenarios: {
    rush: {
      executor: 'constant-arrival-rate',
      rate: RATE,
      timeUnit: `${CROWD}s`,
      // Half a step longer, so that the last iteration falls in whichever way k6 rounds; one too many plays nobody.
      duration: `${Math.round(((REQUESTS + CROWD / 2) / RATE) * 1_000)}ms`,
      preAllocatedVUs: vus,
      maxVUs: vus,
      gracefulStop: '90s',
    },
  },
  thresholds: {
    ...COMMON_THRESHOLDS,
    dropped_iterations: ['count==0'],
    asked: [`count==${REQUESTS}`],
    time_to_accept: ['p(99)<1000'],
    time_to_outcome: ['p(99)<30000'],
  },
};

export async function setup() {
  const admin = await signInAdmin();
  const tokens = await signInBuyers(BUYERS);
  const eventId = await openSale(admin, { name: 'Rush (k6)', vip: VIP_SEATS, regular: REGULAR_SEATS });
  return { eventId, tokens };
}

export default async function rush({ eventId, tokens }) {
  const first = scenario.iterationInTest * CROWD;
  await crowd(Math.min(CROWD, REQUESTS - first), 1_000 / RATE, async (place) => {
    const buyer = buyerAt(tokens, first + place);
    const request = await ask(buyer, wish(eventId));
    if (request !== undefined) await waitForOutcome(buyer, request);
  });
}

export function teardown({ eventId }) {
  return verifyBooks(eventId);
}

export function handleSummary(data) {
  const figures = new Figures(data);
  return summary(
    'rush',
    data,
    `Rush: ${BUYERS} buyers, ${REQUESTS} requests at ${RATE} a second, ${VIP_SEATS} VIP and ${REGULAR_SEATS} Regular tickets`,
    [
      ...requestLines(figures),
      '',
      ...tierLines(figures),
      '',
      ...loadLines(figures),
      row('VUs made, all before the rush', figures.of('vus_max', 'max')),
    ],
  );
}
