import type { Verification } from '../../../src/ledger';
import { Crowd } from './crowd';
import { quantile, tell } from './figures';
import { History } from './history';
import { atRest, brokenIn, countsOf, prove } from './proof';
import type { Stage } from './stage';

const PEOPLE_PER_REQUEST = 0.4;
const SEATS_WANTED = 1.5;

export interface Sale {
  readonly event: number;
  readonly crowd: Crowd;
}

/** A sale with seats for a fifth of what so many requests want, and the people who send them. */
export async function openSale(stage: Stage, requests: number): Promise<Sale> {
  const [organiser] = await stage.people(1, 'organizer');
  const seats = Math.ceil((requests * SEATS_WANTED) / 5);
  const event = await stage.event(
    { vip: Math.ceil(seats / 5), regular: Math.ceil((seats * 4) / 5) },
    organiser!,
  );
  // Last: signing for hundreds of thousands takes so long that idle connections end meanwhile.
  const buyers = await stage.people(Math.ceil(requests * PEOPLE_PER_REQUEST));
  const urls = stage.apis.map(({ url }) => url);
  return { event, crowd: new Crowd(buyers, urls, new History(stage.file('history.jsonl'))) };
}

export interface Conclusion {
  readonly proof: Verification;
  readonly requests: number;
  readonly keys: number;
  readonly tickets: number;
  readonly seats: number;
}

/** When all have an outcome: holds the history against the books, and tells the figures. */
export async function conclude(
  stage: Stage,
  { crowd }: Sale,
  title: string,
  tried: Record<string, unknown>,
): Promise<Conclusion> {
  await crowd.close();
  const restMs = await atRest(stage);
  const proof = await prove(stage, crowd.history.path);
  const counts = await countsOf(stage);
  const { tally } = crowd;
  tell(title, {
    ...tried,
    asked: tally.requests,
    attempts: crowd.history.attempts,
    answered: tally.answered,
    'refused for good': tally.refused,
    'without an answer': tally.noAnswer,
    'told to come back': tally.toldToComeBack,
    'settled by asking again with the same key': tally.settledByRetry,
    'taken in, and the answer lost': tally.answersLost,
    'never answered': tally.unsettled,
    '202 after, p50 and p99 in ms': [quantile(tally.acceptMs, 0.5), quantile(tally.acceptMs, 0.99)],
    'all settled after the last answer, in ms': Math.round(restMs),
    'lost: answered, and not there': proof.checks.find(({ name }) => name === 'answered')!.broken,
    'twice: requests beyond the keys': counts.requests - counts.keys,
    'oversold: tickets beyond the seats': Math.max(0, counts.tickets - counts.seats),
    'tickets out, of seats': [counts.tickets, counts.seats],
    'checks that hold, of all': [proof.checks.length - brokenIn(proof).length, proof.checks.length],
  });
  return { proof, ...counts };
}

/** What must be so after any fault: nothing lost, nothing twice, nothing oversold, nobody out of turn, everybody answered. */
export function expectSound({ crowd }: Sale, { proof, requests, keys, tickets, seats }: Conclusion): void {
  const { tally } = crowd;
  expect(brokenIn(proof)).toEqual([]);
  expect(tally.unexpected).toEqual({});
  expect(tally.withoutRetryAfter).toBe(0);
  expect(tally.unsettled).toBe(0);
  expect({ requests, keys }).toEqual({ requests: tally.answered, keys: tally.answered });
  expect(tickets).toBeLessThanOrEqual(seats);
  // It was a sale that sold out, and not one at which nothing went on.
  expect(tickets).toBeGreaterThan(seats * 0.9);
}
