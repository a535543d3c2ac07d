import { randomUUID } from 'node:crypto';
import {
  createQueueHome,
  EventLines,
  type ClaimedPermit,
  type Permit,
  type QueueHome,
} from '../../../src/platform/queue';
import { REGULAR, VIP, type Tier } from '../../../src/shared/tier';
import { endsWithin } from '../../support/ends-within';
import { eventually } from '../../support/eventually';
import { ownStores, POOL_SIZE, type OwnStore } from './stores';

const EVENT = 7;
const all = { maxRequests: 10_000, maxJobs: 1_000, token: 'worker-a' };
const short = { lockDurationMs: 400, stalledIntervalMs: 200 };

function permit(tier: Tier, to: number, requests = 1, eventId = EVENT): Permit {
  return { eventId, tier, from: to - requests + 1, to, requests };
}

function places(permits: readonly Permit[]): string[] {
  return permits.map(({ tier, to }) => `${tier === VIP ? 'V' : 'R'}${to}`);
}

describe.each(ownStores())('the line on %s', (_name, open) => {
  let store: OwnStore;
  let namespace: string;
  const endings: (() => Promise<void>)[] = [];
  const logged: string[] = [];

  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.remove());
  beforeEach(() => {
    namespace = `line-${randomUUID().slice(0, 8)}`;
    logged.length = 0;
  });
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  });

  /** One process: its own connections, the same lines. */
  async function openProcess(
    timing: Partial<typeof short> = {},
  ): Promise<{ lines: EventLines; home: QueueHome; die: () => Promise<void> }> {
    const { store: given, leave } = store.join();
    const home = await createQueueHome(given, {
      ...timing,
      log: (level, message) => logged.push(`${level}: ${message}`),
    });
    // Far beyond anything here: what fails sooner failed by itself. The limit is tested in queue-stores.spec.ts.
    const lines = new EventLines(home, { namespace, offerLimitMs: 20_000 });
    // A killed process finishes nothing: its checks and renewals end, its locks stay.
    const die = async () => {
      await lines.close();
      await home.close();
    };
    endings.push(async () => {
      await die();
      await leave();
    });
    return { lines, home, die };
  }

  it('serves a VIP who came after many Regulars first, and each tier in the order it came', async () => {
    const { lines } = await openProcess();
    for (const to of [1, 2, 3, 4]) await lines.offer(permit(REGULAR, to));
    for (const to of [1, 2]) await lines.offer(permit(VIP, to));

    expect(places(await lines.claim(EVENT, { ...all, maxJobs: 3 }))).toEqual(['V1', 'V2', 'R1']);
    expect(places(await lines.claim(EVENT, all))).toEqual(['R2', 'R3', 'R4']);
    expect(await lines.claim(EVENT, all)).toEqual([]);
  });

  it('stops claiming once enough requests are covered', async () => {
    const { lines } = await openProcess();
    for (const to of [1, 2, 3, 4, 5, 6]) await lines.offer(permit(REGULAR, to));
    expect(await lines.claim(EVENT, { ...all, maxRequests: 4 })).toHaveLength(4);

    await lines.offer(permit(VIP, 175, 75));
    expect(places(await lines.claim(EVENT, { ...all, maxRequests: 10 }))).toContain('V175');
  });

  it('shows an operator tier, number and places, and nothing about people', async () => {
    const { lines } = await openProcess();
    const shown: string[] = [];
    const stop = lines.onQueue((queue) => shown.push(queue.name));
    await lines.offer(permit(VIP, 175, 75));
    await lines.offer(permit(REGULAR, 9));
    const jobs = await lines.queue(EVENT).getJobs(['prioritized']);

    expect(jobs.map((job) => job.name).sort()).toEqual([
      'Regular × 1 · place 9',
      'VIP × 75 · places 101–175',
    ]);
    expect(jobs.find((job) => job.opts.priority === VIP)?.data).toEqual({
      event_id: EVENT,
      tier: 1,
      from: 101,
      to: 175,
      requests: 75,
    });
    expect(shown).toEqual([`${namespace}-${EVENT}`]);
    stop();
    lines.queue(8);
    expect(shown).toHaveLength(1);
    expect(lines.queues()).toHaveLength(2);
  });

  it('never gives one permit to two workers', async () => {
    const [one, two] = [await openProcess(), await openProcess()];
    for (let to = 1; to <= 60; to++) await one.lines.offer(permit(to % 3 === 0 ? VIP : REGULAR, to));
    const claims: Promise<ClaimedPermit[]>[] = [];
    for (let i = 0; i < 6; i++) {
      claims.push(
        one.lines.claim(EVENT, { ...all, maxJobs: 10 }),
        two.lines.claim(EVENT, { ...all, maxJobs: 10, token: 'worker-b' }),
      );
    }
    const claimed = (await Promise.all(claims)).flat();

    expect(new Set(places(claimed)).size).toBe(claimed.length);
    expect(claimed).toHaveLength(60);
  });

  it('gives back what a dead worker held, and the VIPs among it still go first', async () => {
    const dead = await openProcess(short);
    for (const to of [1, 2]) await dead.lines.offer(permit(REGULAR, to));
    for (const to of [1, 2]) await dead.lines.offer(permit(VIP, to));
    expect(await dead.lines.claim(EVENT, all)).toHaveLength(4);
    await dead.die();

    const heir = await openProcess(short);
    await heir.lines.offer(permit(VIP, 3));
    const got: ClaimedPermit[] = [];
    const started = Date.now();
    const first = await heir.lines.claim(EVENT, { ...all, token: 'worker-b' });
    expect(places(first)).toEqual(['V3']);
    await eventually(async () => {
      got.push(...(await heir.lines.claim(EVENT, { ...all, token: 'worker-b' })));
      expect(got).toHaveLength(4);
    });
    expect(places(got)).toEqual(['V1', 'V2', 'R1', 'R2']);
    expect(Date.now() - started).toBeLessThan(short.lockDurationMs + 3 * short.stalledIntervalMs);
    expect(await heir.lines.complete([...first, ...got])).toBe(5);
  });

  it('holds a permit for as long as its tick lasts, far beyond the lock', async () => {
    const [slow, other] = [await openProcess(short), await openProcess(short)];
    await slow.lines.offer(permit(REGULAR, 1));
    const held = await slow.lines.claim(EVENT, all);
    const until = Date.now() + 4 * short.lockDurationMs;
    while (Date.now() < until) {
      expect(await other.lines.claim(EVENT, { ...all, token: 'worker-b' })).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await slow.lines.complete(held)).toBe(1);
  });

  it('passes over a permit that is no longer held when it is completed', async () => {
    const { lines } = await openProcess();
    await lines.offer(permit(REGULAR, 1));
    const held = await lines.claim(EVENT, all);
    expect(await lines.complete(held)).toBe(1);
    expect(await lines.complete(held)).toBe(0);
    expect(await lines.giveBack(held, new Error('too late'))).toEqual([]);
  });

  it('keeps the last two hundred finished permits for the operator, not more', async () => {
    const { lines } = await openProcess();
    for (let to = 1; to <= 230; to++) await lines.offer(permit(REGULAR, to));
    for (let batch = 1; batch <= 5; batch++)
      await lines.complete(await lines.claim(EVENT, { ...all, maxJobs: 50 }));
    const finished = await lines.queue(EVENT).getCompletedCount();
    expect(finished).toBeGreaterThanOrEqual(200);
    expect(finished).toBeLessThan(200 + 16); // Permits of the last wave may end after the one that cuts the list.
  });

  it('puts a permit back at its priority, and sets it aside with its reason after five attempts', async () => {
    const { lines } = await openProcess();
    await lines.offer(permit(VIP, 1));
    expect(await lines.giveBack(await lines.claim(EVENT, all), new Error('deadlock'))).toEqual([]);
    expect(await lines.waitingJobs(EVENT)).toEqual({ claimable: 0, delayed: 1 });

    await lines.offer(permit(REGULAR, 1));
    await eventually(async () => {
      const [next] = await lines.claim(EVENT, { ...all, maxJobs: 1 });
      if (next?.tier !== VIP) {
        await next?.job.moveToWait('worker-a');
        throw new Error('not back yet');
      }
      next.job.attemptsMade = 4; // Spares the test the seven seconds of the other three.
      expect(places(await lines.giveBack([next], new Error('still a deadlock')))).toEqual(['V1']);
    });
    const [failed] = await lines.queue(EVENT).getFailed();
    expect(failed?.failedReason).toBe('still a deadlock');
    expect(places(await lines.claim(EVENT, all))).toEqual(['R1']);
  });

  it('sets aside what is not a permit of this event', async () => {
    const { lines } = await openProcess();
    await lines.queue(EVENT).add('by hand', { event_id: 8, tier: VIP, from: 1, to: 1, requests: 1 });
    await lines.offer(permit(REGULAR, 1));
    expect(places(await lines.claim(EVENT, all))).toEqual(['R1']);
    expect((await lines.queue(EVENT).getFailed())[0]?.failedReason).toMatch(/event 8/);
  });

  it('holds everybody back while paused, in every process, and lets them go again', async () => {
    const [one, two] = [await openProcess(), await openProcess()];
    await one.lines.pause(EVENT);
    await two.lines.offer(permit(VIP, 1));
    expect(await two.lines.queue(EVENT).isPaused()).toBe(true);
    expect(await two.lines.claim(EVENT, all)).toEqual([]);
    expect(await two.lines.waitingJobs(EVENT)).toEqual({ claimable: 0, delayed: 0 });

    await one.lines.resume(EVENT);
    expect(await two.lines.waitingJobs(EVENT)).toEqual({ claimable: 1, delayed: 0 });
    expect(places(await two.lines.claim(EVENT, all))).toEqual(['V1']);
  });

  it('keeps the line when every process closes and opens again', async () => {
    const before = await openProcess();
    await before.lines.offer(permit(REGULAR, 1));
    await before.lines.offer(permit(VIP, 1));
    await before.die();
    const after = await openProcess();
    expect(places(await after.lines.claim(EVENT, all))).toEqual(['V1', 'R1']);
  });

  it('runs a hundred events on a few connections', async () => {
    const { lines } = await openProcess();
    const events = Array.from({ length: 100 }, (_, i) => i + 1);
    await Promise.all(events.map((id) => lines.offer(permit(VIP, 1, 1, id))));
    const claimed = (await Promise.all(events.map((id) => lines.claim(id, all)))).flat();
    expect(await lines.complete(claimed)).toBe(100);
    expect(await store.connections()).toBeLessThanOrEqual(POOL_SIZE);
  });

  it('starts empty and accepts again after everything was lost, and after it was emptied', async () => {
    const { lines } = await openProcess();
    const empty = { claimable: 0, delayed: 0 };
    const emptied = () => lines.queue(EVENT).obliterate({ force: true });
    for (const lose of [() => store.wipe(), emptied]) {
      await lines.pause(EVENT);
      await lines.resume(EVENT);
      await lines.offer(permit(VIP, 1));
      await lines.offer(permit(REGULAR, 1));
      const [held] = await lines.claim(EVENT, { ...all, maxJobs: 1 });
      await lose();

      expect(await lines.waitingJobs(EVENT)).toEqual(empty);
      expect(await lines.complete([held as ClaimedPermit])).toBe(0);
      expect(await lines.queue(EVENT).isPaused()).toBe(false);
      await lines.offer(permit(REGULAR, 2));
      expect(places(await lines.claim(EVENT, all))).toEqual(['R2']);
      await emptied();
    }
  });

  it('fails an offer at once while the store is away, and recovers when it is back', async () => {
    if (!store.stop || !store.start) {
      process.stderr.write("The outage is skipped: the server is not the suite's own\n");
      return;
    }
    const { lines, home } = await openProcess();
    await lines.offer(permit(VIP, 1));
    expect(await home.ready()).toBe(true);

    await store.stop();
    for (let to = 2; to <= 4; to++) {
      const offer = lines.offer(permit(VIP, to));
      expect(await endsWithin(1_000, offer)).toBe(true);
      await expect(offer).rejects.toThrow();
    }
    expect(await home.ready()).toBe(false);

    await store.start();
    await eventually(() => lines.offer(permit(VIP, 5)));
    expect(await home.ready()).toBe(true);
    expect(places(await lines.claim(EVENT, all))).toContain('V5');
    expect(logged.filter((line) => line.startsWith('error'))).toHaveLength(1);
    expect(logged.filter((line) => line.startsWith('info'))).toHaveLength(1);
  });
});
