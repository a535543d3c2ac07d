import { setTimeout as delay } from 'node:timers/promises';
import { brokenIn } from './support/proof';
import { without } from './support/preloads';
import { conclude, openSale } from './support/sale';
import { scale } from './support/scale';
import { Stage } from './support/stage';

/** What a sale without a guard must be caught at. Each is a rush of a few seconds. */
const GUARDS = scale(['durability', 'keys', 'order'] as const, ['durability'] as const);
const REPORTED = {
  durability: ['answered', 'once'],
  keys: ['once'],
  order: ['in-turn'],
} as const;

describe('a Tixline without a guard is found out', () => {
  let stage: Stage | undefined;
  afterEach(() => stage?.close());

  it.each(GUARDS)('without %s', async (guard) => {
    stage = await Stage.open({ apis: 1, workers: 1, settings: without(guard) });
    const sale = await openSale(stage, 300);
    const killing = async () => {
      if (guard !== 'durability') return;
      await delay(1_500);
      await stage!.apis[0]!.kill();
      await stage!.apis[0]!.start();
    };
    await sale.crowd.rush({ event: sale.event, rate: 100, requests: 300, during: killing() });
    const { proof, requests, keys } = await conclude(stage, sale, `without ${guard}`, {});
    const broken = brokenIn(proof).map((check) => (check as { name: string }).name);
    expect(broken).toEqual(expect.arrayContaining([...REPORTED[guard]]));
    if (guard === 'keys') expect(requests).toBeGreaterThan(keys);
  });
});
