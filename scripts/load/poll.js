/**
 * Ten thousand people wait and poll as they are told, while the line moves at a slow pace or stands still; then it goes
 * on as fast as it can, and everybody gets an outcome.
 *
 *   k6 run scripts/load/poll.js
 *   k6 run -e WAITING=2000 -e BUYERS=500 -e HOLD_SECONDS=20 scripts/load/poll.js
 */
import { scenario } from 'k6/execution';
import { Counter, Trend } from 'k6/metrics';
import { ask, waitForOutcome, wish } from './lib/buyer.js';
import { crowd } from './lib/crowd.js';
import { COMMON_THRESHOLDS } from './lib/metrics.js';
import { buyerAt, signInAdmin, signInBuyers } from './lib/people.js';
import { openSale, steerLine, verifyBooks } from './lib/sale.js';
import { CROWD, CROWD_CONNECTIONS, LONG_RUN, whole } from './lib/settings.js';
import { Figures, loadLines, PERCENTILES, row, summary, tierLines } from './lib/summary.js';

const WAITING = whole('WAITING', 10_000);
/** With fewer of them than WAITING, each asks several times. */
const BUYERS = whole('BUYERS', WAITING);
/** All come within ASK_SECONDS, and are kept waiting for HOLD_SECONDS more. */
const ASK_SECONDS = whole('ASK_SECONDS', 15);
const HOLD_SECONDS = whole('HOLD_SECONDS', 30);
/** Requests settled per second until then; 0 for a line that stands still, where everybody polls every two seconds. */
const PACE = whole('PACE', 20, 0);

const vus = Math.ceil(WAITING / CROWD);
const PHASES = ['coming', 'held', 'moving'];

/** Answers that put somebody further back than before, though no VIP had joined. */
const wentBack = new Counter('went_back');
/** After how many milliseconds people were told to ask again. */
const toldToWait = new Trend('told_to_wait', true);

export const options = {
  ...LONG_RUN,
  ...CROWD_CONNECTIONS,
  scenarios: {
    wait: { executor: 'per-vu-iterations', vus, iterations: 1, maxDuration: '30m' },
    go_on: {
      executor: 'shared-iterations',
      exec: 'goOn',
      vus: 1,
      iterations: 1,
      startTime: `${ASK_SECONDS + HOLD_SECONDS}s`,
    },
  },
  thresholds: {
    ...COMMON_THRESHOLDS,
    asked: [`count==${WAITING}`],
    went_back: ['count==0'],
    ...Object.fromEntries(
      PHASES.map((phase) => [`http_req_duration{name:position,phase:${phase}}`, ['p(99)>=0']]),
    ),
    'http_req_duration{name:position,phase:held}': ['p(95)<500'],
    'told_to_wait{phase:held}': ['avg>0'],
  },
};

export async function setup() {
  const admin = await signInAdmin();
  const tokens = await signInBuyers(BUYERS);
  const seats = { vip: Math.ceil(WAITING / 10), regular: Math.ceil(WAITING / 2) };
  const eventId = await openSale(admin, { name: 'Poll (k6)', ...seats });
  await steerLine(admin, eventId, PACE > 0 ? { pace: PACE } : { paused: true });
  return { eventId, tokens, admin };
}

export default async function wait({ eventId, tokens }) {
  const number = scenario.iterationInTest;
  const tagsNow = () => ({ phase: phaseAt((Date.now() - scenario.startTime) / 1_000) });
  await crowd(Math.min(CROWD, WAITING - number * CROWD), (ASK_SECONDS * 1_000) / CROWD, async (place) => {
    // Turn by turn through the VUs, so that VIPs and Regulars of all of them mix as they come.
    const buyer = buyerAt(tokens, place * vus + number);
    const request = await ask(buyer, wish(eventId, { oddities: false }));
    if (request === undefined) return;
    let before = request;
    const onQueued = (now) => {
      if (now.position - now.vip_ahead > before.position - before.vip_ahead) wentBack.add(1);
      before = now;
      toldToWait.add(now.poll_after_ms, tagsNow());
    };
    await waitForOutcome(buyer, request, { onQueued, tagsNow });
  });
}

function phaseAt(seconds) {
  if (seconds < ASK_SECONDS) return 'coming';
  return seconds < ASK_SECONDS + HOLD_SECONDS ? 'held' : 'moving';
}

export function goOn({ eventId, admin }) {
  return steerLine(admin, eventId, { pace: null, paused: false });
}

export function teardown({ eventId }) {
  return verifyBooks(eventId);
}

export function handleSummary(data) {
  const figures = new Figures(data);
  const polls = (phase) => `{name:position,phase:${phase}}`;
  const perSecond = figures.of('http_req_duration', 'count', polls('held')) / HOLD_SECONDS;
  const pauseMs = figures.of('told_to_wait', 'avg', '{phase:held}');
  const pace = PACE > 0 ? `a line that moves at ${PACE} a second` : 'a line that stands still';
  return summary('poll', data, `Poll: ${WAITING} requests of ${BUYERS} people wait in ${pace}`, [
    row('accepted', figures.count('accepted')),
    row('polls a second while all waited', perSecond),
    row('told to ask again after, on average', `${(pauseMs / 1_000).toFixed(1)} s`),
    row('went back without a VIP joining', figures.count('went_back')),
    '',
    row('', ...PHASES),
    row('polls', ...PHASES.map((phase) => figures.of('http_req_duration', 'count', polls(phase)))),
    ...PERCENTILES.map(([title, figure]) =>
      row(
        `  answered in, ${title}`,
        ...PHASES.map((phase) => figures.time('http_req_duration', figure, polls(phase))),
      ),
    ),
    '',
    ...tierLines(figures),
    '',
    ...loadLines(figures),
  ]);
}
