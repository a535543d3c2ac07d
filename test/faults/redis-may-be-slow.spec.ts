import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { quantile } from './support/figures';
import { conclude, expectSound, openSale } from './support/sale';
import { scale, thorough } from './support/scale';
import { slowWay, type SlowWay } from './support/slow-way';
import { Stage } from './support/stage';
import { takenBy, untilServed, Watch } from './support/watch';

const RATE = 100;
const BEFORE_MS = scale(20_000, 8_000);
const ROUNDS = scale(4, 2);
const PAUSE_MS = 5_000;
const DELAY_MS = 300;
const DELAYED_MS = scale(30_000, 10_000);
const SERVED_LIMIT_MS = 30_000;
const MEMORY_LIMIT_MB = 100;
/** What waits for nothing is answered in milliseconds, where twice as long is this machine and not Redis. */
const NOISE_MS = 50;
const WITHOUT_QUEUE = ['/api/events', '/health/live'];
const PROBE_MS = 50;
/** Permits that an API puts in line for one tier: what is accepted within a fifth of a second shares one. */
const PERMITS_PER_SECOND = 5;
const LANES = 4;

/** Is over when the fault is, and has `served` wait until all who stand in line have an outcome. */
type Fault = (redis: Redis, way: SlowWay, served: () => Promise<void>) => Promise<void>;

const FAULTS: [name: string, fault: Fault][] = [
  [
    `stands still for ${PAUSE_MS / 1_000} s (CLIENT PAUSE)`,
    async (redis, _, served) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        await redis.call('client', 'pause', `${PAUSE_MS}`, 'all');
        await delay(PAUSE_MS);
        await served();
      }
    },
  ],
  [
    `is ${DELAY_MS} ms away each way`,
    async (_, way, served) => {
      way.delayMs = DELAY_MS;
      await delay(DELAYED_MS);
      await served();
      way.delayMs = 0;
    },
  ],
];

describe('with the line on Redis, a sale goes on while Redis', () => {
  let stage: Stage | undefined;
  let way: SlowWay | undefined;
  afterEach(async () => {
    await stage?.close();
    await way?.close();
  });

  thorough.each(FAULTS)(
    '%s: nothing piles up, what needs no queue is as fast as before',
    async (name, fault) => {
      stage = await Stage.open({ home: 'Redis', apis: 0, workers: 0 });
      way = await slowWay(Number(new URL(stage.redis!.url).port));
      const throughIt = { REDIS_URL: `redis://127.0.0.1:${way.port}` };
      for (const role of ['api', 'api', 'worker', 'worker'] as const) await stage.add(role, throughIt);
      const watch = new Watch(stage);
      const requests = (RATE * (BEFORE_MS + DELAYED_MS)) / 1_000;
      const sale = await openSale(stage, requests);
      const redis = new Redis(stage.redis!.url);
      const served: number[] = [];
      const probes = new Probes(stage);
      let before: Record<string, number> = {};
      let meanwhile: Record<string, number> = {};
      let risen: number[] = [];
      let permitsPerSecond = NaN;
      const during = async () => {
        await delay(2_000); // Code is compiled and caches fill.
        probes.begin();
        await delay(BEFORE_MS);
        before = probes.p99();
        const memory = probes.memory();
        probes.begin();
        const [startedAt, permits] = [performance.now(), await permitsSoFar(redis, sale.event)];
        await fault(redis, way!, async () => {
          served.push(await untilServed(stage!, sale.event, SERVED_LIMIT_MS));
        });
        const seconds = (performance.now() - startedAt) / 1_000;
        permitsPerSecond = ((await permitsSoFar(redis, sale.event)) - permits) / seconds;
        meanwhile = probes.p99();
        risen = probes.memory().map((most, i) => most - memory[i]!);
        await probes.end();
      };
      try {
        await sale.crowd.rush({ event: sale.event, rate: RATE, requests, during: during() });
      } finally {
        redis.disconnect();
      }
      const tried = {
        'all who stood in line served after, in ms': served,
        'p99 of routes without the queue before, in ms': before,
        'and meanwhile': meanwhile,
        'memory more than before, of each process, in MB': risen,
        'permits put in line per second': permitsPerSecond.toFixed(1),
      };
      expectSound(sale, await conclude(stage, sale, `Redis ${name}`, tried));
      expect(watch.ended).toEqual([]);
      expect(Math.max(...risen)).toBeLessThan(MEMORY_LIMIT_MB);
      // What piles up here is small, and shows in the queue long before it shows in the memory.
      expect(permitsPerSecond).toBeLessThan(PERMITS_PER_SECOND * LANES);
      expect(permitsPerSecond).toBeGreaterThan(0);
      for (const path of WITHOUT_QUEUE)
        expect(meanwhile[path]).toBeLessThan(Math.max(NOISE_MS, 2 * before[path]!));
    },
  );
});

/** Jobs that were ever made in the line of an event. */
async function permitsSoFar(redis: Redis, event: number): Promise<number> {
  return Number(await redis.get(`tixline:{line-${event}}:line-${event}:id`));
}

/** Asks for what needs no queue, and looks at the memory of all processes, for as long as it goes on. */
class Probes {
  private took = new Map<string, number[]>();
  private most: number[] = [];
  private going = true;
  private readonly asking: Promise<unknown>;

  constructor(private readonly stage: Stage) {
    this.begin();
    this.asking = Promise.all(
      stage.apis.flatMap(({ url }) => WITHOUT_QUEUE.map((path) => this.ask(url, path))),
    );
    void this.asking.catch(() => undefined); // Told by end().
  }

  /** Forgets what was seen so far. */
  begin(): void {
    this.took = new Map(WITHOUT_QUEUE.map((path) => [path, []]));
    this.most = this.stage.members.map(() => 0);
  }

  p99(): Record<string, number> {
    return Object.fromEntries([...this.took].map(([path, all]) => [path, quantile(all, 0.99)]));
  }

  /** The most that each process had, in MB. */
  memory(): number[] {
    return this.most;
  }

  async end(): Promise<void> {
    this.going = false;
    await this.asking;
  }

  private async ask(url: string, path: string): Promise<void> {
    while (this.going) {
      const sentAt = performance.now();
      const answer = await fetch(`${url}${path}`);
      await answer.text();
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      this.took.get(path)!.push(performance.now() - sentAt);
      this.stage.members.forEach((member, i) => {
        this.most[i] = Math.max(this.most[i]!, takenBy(member).rssMb);
      });
      await delay(PROBE_MS);
    }
  }
}
