import { setTimeout as delay } from 'node:timers/promises';
import type { Member } from './support/member';
import { brokenIn } from './support/proof';
import { without } from './support/preloads';
import { conclude, openSale } from './support/sale';
import { scale } from './support/scale';
import { Stage } from './support/stage';

/** Killed in the middle of things, and back after a while. */
async function awayFor(member: Member, ms: number): Promise<void> {
  await delay(1_500);
  await member.kill();
  await delay(ms);
  await member.start();
}

/** What a sale without a guard must be caught at. Each is a rush of a few seconds. */
const GUARDS = ['durability', 'keys', 'vipsFirst'] as const;
const REPORTED = {
  durability: ['answered', 'once'],
  keys: ['once'],
  vipsFirst: ['vip-first'],
} as const;

scale(describe, describe.skip)('a Tixline without a guard is found out', () => {
  let stage: Stage | undefined;
  afterEach(() => stage?.close());

  it.each(GUARDS)('without %s', async (guard) => {
    stage = await Stage.open({ apis: 1, workers: 1, settings: without(guard) });
    // More seats than are wanted before the outage: only a Regular who is granted one can be said to have passed a VIP.
    const sale = await openSale(stage, 3_000);
    const harm = {
      durability: () => awayFor(stage!.apis[0]!, 0),
      keys: () => Promise.resolve(),
      // What the stored times can prove begins at ten seconds.
      vipsFirst: () => awayFor(stage!.workers[0]!, 12_000),
    };
    await sale.crowd.rush({ event: sale.event, rate: 100, requests: 300, during: harm[guard]() });
    const { proof, requests, keys } = await conclude(stage, sale, `without ${guard}`, {});
    const broken = brokenIn(proof).map((check) => (check as { name: string }).name);
    expect(broken).toEqual(expect.arrayContaining([...REPORTED[guard]]));
    if (guard === 'keys') expect(requests).toBeGreaterThan(keys);
  });
});
