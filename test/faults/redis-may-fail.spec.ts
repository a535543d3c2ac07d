import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { OwnRedis } from '../support/own-redis';
import { quantile } from './support/figures';
import { WITHOUT_SWEEPER } from './support/preloads';
import { conclude, expectSound, openSale, type Sale } from './support/sale';
import { scale, thorough } from './support/scale';
import { Stage } from './support/stage';
import { mostMemory, untilServed, Watch } from './support/watch';

const RATE = 100;
const REQUESTS = scale(3_000, 500);
const ROUNDS = scale(5, 1);
const FORGOTTEN = 200;
const SERVED_LIMIT_MS = 60_000;
const MEMORY_LIMIT_MB = 400;
/** Half of those who ask are answered sooner. Redis may take a second, and then they would too. */
const TAKEN_LIMIT_MS = 500;

/** Does harm, undoes it, and waits `between` before it is done again; `back` is called as soon as it is undone. */
type Fault = (redis: OwnRedis, back: () => Promise<void>) => Promise<void>;

const FAULTS: [name: string, fault: Fault][] = [
  [
    'kill -9 of Redis',
    async (redis, back) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        await delay(500 + Math.random() * 1_500);
        await redis.stop();
        await delay(1_000 + Math.random() * 1_000);
        await redis.start();
        await back();
      }
    },
  ],
  [
    'FLUSHALL',
    async (redis, back) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        await delay(500 + Math.random() * 1_500);
        await order(redis, ['flushall']);
        await back();
      }
    },
  ],
  [
    'a full Redis (noeviction)',
    async (redis, back) => {
      await delay(1_500);
      await order(redis, ['config', 'set', 'maxmemory', '1']);
      await delay(scale(15_000, 4_000));
      await order(redis, ['config', 'set', 'maxmemory', '0']);
      await back();
    },
  ],
  [
    'Redis frozen for 10 s',
    async (redis, back) => {
      await delay(1_500);
      redis.freeze();
      await delay(10_000);
      redis.thaw();
      await back();
    },
  ],
];

describe('with the line on Redis, a sale goes on while Redis does not', () => {
  let stage: Stage | undefined;
  afterEach(async () => {
    stage?.redis?.thaw();
    await stage?.close();
  });

  thorough.each(FAULTS)('%s: all who were answered are back in line', async (name, fault) => {
    stage = await Stage.open({ home: 'Redis' });
    const watch = new Watch(stage);
    const sale = await openSale(stage, REQUESTS);
    const served: number[] = [];
    const back = async () => {
      served.push(await untilServed(stage!, sale.event, SERVED_LIMIT_MS * 1.5));
    };
    const during = fault(stage.redis!, back);
    await sale.crowd.rush({ event: sale.event, rate: RATE, requests: REQUESTS, during });
    const memory = mostMemory(stage);
    const tried = {
      'all who stood in line served after, in ms': served,
      'most memory of a process, in MB': memory,
    };
    expectSound(sale, await conclude(stage, sale, name, tried));
    expectTaken(sale);
    expect(watch.ended).toEqual([]);
    expect(Math.max(...served)).toBeLessThan(SERVED_LIMIT_MS);
    expect(memory).toBeLessThan(MEMORY_LIMIT_MB);
  });

  // While more people come their permits bring those before them to their turn: here nobody comes after.
  it.each([
    ['are back in line', true],
    ['wait for ever where nobody puts permits back', false],
  ])('those who wait when FLUSHALL comes %s', async (_, swept) => {
    stage = await Stage.open({ home: 'Redis', workers: 0 });
    const worker = await stage.add('worker', swept ? {} : WITHOUT_SWEEPER);
    const sale = await openSale(stage, FORGOTTEN);
    worker.freeze();
    await sale.crowd.rush({ event: sale.event, rate: RATE, requests: FORGOTTEN });
    await delay(1_000);
    await order(stage.redis!, ['flushall']);
    worker.thaw();
    if (swept) {
      const served = await untilServed(stage, sale.event, SERVED_LIMIT_MS);
      const tried = { 'all served after, in ms': served };
      expectSound(sale, await conclude(stage, sale, 'FLUSHALL and nobody comes after', tried));
    } else {
      await sale.crowd.close();
      await expect(untilServed(stage, sale.event, 15_000)).rejects.toThrow('not served');
    }
  });

  thorough('Redis away at start: requests are taken, and settled once it is there', async () => {
    stage = await Stage.open({ home: 'Redis', apis: 0, workers: 0 });
    await stage.redis!.stop();
    await stage.add('api');
    await stage.add('worker');
    const watch = new Watch(stage);
    const sale = await openSale(stage, REQUESTS);
    let served = NaN;
    let queued = NaN;
    const comes = async () => {
      await delay(3_000);
      const [row] = await stage!.sql<{ queued: number }>(
        `SELECT count(*)::int AS queued FROM ticket_requests WHERE status = 'queued'`,
      );
      queued = row!.queued;
      await stage!.redis!.start();
      served = await untilServed(stage!, sale.event, SERVED_LIMIT_MS * 1.5);
    };
    await sale.crowd.rush({ event: sale.event, rate: RATE, requests: REQUESTS, during: comes() });
    const tried = {
      'accepted before Redis was there': queued,
      'all who stood in line served after, in ms': served,
    };
    expectSound(sale, await conclude(stage, sale, 'Redis away at start', tried));
    expectTaken(sale);
    expect(watch.ended).toEqual([]);
    expect(queued).toBeGreaterThan(0);
    expect(served).toBeLessThan(SERVED_LIMIT_MS);
  });
});

/** Whoever asks is answered as if Redis were there. */
function expectTaken({ crowd: { tally } }: Sale): void {
  expect(tally.noAnswer).toEqual({});
  expect(Object.keys(tally.toldToComeBack)).not.toContain('503');
  expect(quantile(tally.acceptMs, 0.5)).toBeLessThan(TAKEN_LIMIT_MS);
}

async function order(redis: OwnRedis, [command, ...args]: string[]): Promise<void> {
  const client = new Redis(redis.url);
  await client.call(command!, ...args);
  client.disconnect();
}
