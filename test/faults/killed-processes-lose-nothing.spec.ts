import { setTimeout as delay } from 'node:timers/promises';
import type { Member } from './support/member';
import { conclude, expectSound, openSale } from './support/sale';
import { scale } from './support/scale';
import { homes, Stage, type Home } from './support/stage';

const KILLS = scale(20, 2);
const REQUESTS = scale(6_700, 600);
const RATE = scale(120, 100);

const VICTIMS: [name: string, on: readonly Home[], of: (stage: Stage) => Member[][]][] = [
  ['an API', scale<Home[]>(['PostgreSQL'], []), ({ apis }) => apis.map((api) => [api])],
  ['a worker', scale<Home[]>(['PostgreSQL'], []), ({ workers }) => workers.map((worker) => [worker])],
  [
    'an API and a worker',
    scale<Home[]>(['PostgreSQL', 'Redis'], ['PostgreSQL', 'Redis']),
    ({ apis, workers }) => apis.map((api, i) => [api, workers[i]!]),
  ],
];
const CASES = VICTIMS.flatMap(([name, on, of]) => homes(on).map((home) => [name, home, of] as const));

describe('kill -9 at random moments under load, five times as much asked for as there is', () => {
  let stage: Stage | undefined;
  afterEach(() => stage?.close());

  it.each(CASES)(
    'of %s, the line on %s: nothing lost, nothing twice, nothing oversold',
    async (name, home, of) => {
      stage = await Stage.open({ home });
      const sale = await openSale(stage, REQUESTS);
      const during = killAll(of(stage), KILLS);
      await sale.crowd.rush({ event: sale.event, rate: RATE, requests: REQUESTS, during });
      expectSound(sale, await conclude(stage, sale, `kill -9 of ${name}, line on ${home}`, { kills: KILLS }));
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
