import { setTimeout as delay } from 'node:timers/promises';
import { Crowd } from './support/crowd';
import { quantile, tell } from './support/figures';
import { History } from './support/history';
import type { Member } from './support/member';
import { atRest, brokenIn, countsOf, prove } from './support/proof';
import { scale } from './support/scale';
import { Stage, type Home } from './support/stage';

const KILLS = scale(20, 3);
const REQUESTS = scale(6_700, 400);
const RATE = scale(120, 100);
const BUYERS = scale(2_500, 200);
/** Each request wants 1.5 seats on average: there are seats for a fifth of them. */
const SEATS = Math.round((REQUESTS * 1.5) / 5);

const VICTIMS: [name: string, homes: readonly Home[], of: (stage: Stage) => Member[][]][] = [
  ['an API', scale(['PostgreSQL'], []), ({ apis }) => apis.map((api) => [api])],
  ['a worker', scale(['PostgreSQL'], []), ({ workers }) => workers.map((worker) => [worker])],
  [
    'an API and a worker',
    ['PostgreSQL', 'Redis'],
    ({ apis, workers }) => apis.map((api, i) => [api, workers[i]!]),
  ],
];
const CASES = VICTIMS.flatMap(([name, homes, of]) => homes.map((home) => [name, home, of] as const));

describe('kill -9 at random moments under load, five times as much asked for as there is', () => {
  let stage: Stage | undefined;
  afterEach(() => stage?.close());

  it.each(CASES)(
    'of %s, the line on %s: nothing lost, nothing twice, nothing oversold',
    async (name, home, of) => {
      stage = await Stage.open({ home });
      const [organiser] = await stage.people(1, 'organizer');
      const buyers = await stage.people(BUYERS);
      const event = await stage.event({ vip: SEATS / 5, regular: (SEATS * 4) / 5 }, organiser!);
      const crowd = new Crowd(
        buyers,
        stage.apis.map(({ url }) => url),
        new History(stage.file('history.jsonl')),
      );

      const during = killAll(of(stage), KILLS);
      await crowd.rush({ event, rate: RATE, requests: REQUESTS, during });
      await crowd.close();
      const restMs = await atRest(stage);
      const proof = await prove(stage, crowd.history.path);
      const counts = await countsOf(stage);

      const { tally } = crowd;
      tell(`kill -9 of ${name}, line on ${home}`, {
        kills: KILLS,
        asked: tally.requests,
        attempts: crowd.history.attempts,
        answered: tally.answered,
        'refused for good': tally.refused,
        'without an answer': tally.noAnswer,
        'told to come back': tally.toldToComeBack,
        'settled by asking again with the same key': tally.settledByRetry,
        'never answered': tally.unsettled,
        '202 after, p50 and p99 in ms': [quantile(tally.acceptMs, 0.5), quantile(tally.acceptMs, 0.99)],
        'all settled after the last answer, in ms': Math.round(restMs),
        ...counts,
        'checks broken': brokenIn(proof).length,
      });
      expect(brokenIn(proof)).toEqual([]);
      expect(tally.unexpected).toEqual({});
      expect(tally.unsettled).toBe(0);
      expect(counts.requests).toBe(tally.answered);
      expect(counts.keys).toBe(tally.answered);
      expect(counts.tickets).toBeLessThanOrEqual(counts.seats);
      // It was a rush under fire and not a quiet afternoon.
      expect(counts.tickets).toBeGreaterThan(counts.seats * 0.9);
    },
  );
});

/** Kills each group of processes in turn at a random moment, and starts it again. */
async function killAll(groups: Member[][], kills: number): Promise<void> {
  for (let i = 0; i < kills; i += 1) {
    const group = groups[i % groups.length]!;
    await delay(Math.random() * 1_500);
    await Promise.all(group.map((member) => member.kill()));
    await Promise.all(group.map((member) => member.start()));
  }
}
