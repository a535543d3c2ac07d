import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Caller, type Answer } from './support/caller';
import { quantile, tell } from './support/figures';
import { atRest, countsOf } from './support/proof';
import { scale } from './support/scale';
import { Stage, type Buyer } from './support/stage';

/** Connections, plans and caches are made before the measured time. */
const LEAD_SECONDS = 4;
const PEAK_SECONDS = scale(15, 6);
const OVERLOAD_SECONDS = scale(60, 10);
/** What the clients do not have by then they no longer want. */
const ANSWER_LIMIT_MS = 5_000;
/** Enough to fill every group that the intake makes, and no more. */
const PEAK_CONNECTIONS = 1_200;
const MOST_CONNECTIONS = 12_000;
/** How much more a process may hold than before, twelve thousand connections of 10 kB among it, and how much more at the end. */
const MOST_MORE_MB = 130;
const STILL_GROWING_MB = 20;

/**
 * The database is made slow, as a full disk queue makes it: each statement that takes a group in needs so much longer,
 * so one API takes in fewer than this machine can ask for.
 */
const slowDisk = (seconds: number) => `
  CREATE FUNCTION slow_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(${seconds}); RETURN NULL; END $$;
  CREATE TRIGGER slow_disk AFTER INSERT ON ticket_requests FOR EACH STATEMENT EXECUTE FUNCTION slow_disk()`;

interface Seen {
  goodMs: number[];
  /** When each of them was answered. */
  goodAt: number[];
  turnedAway: number;
  withoutRetryAfter: number;
  late: number;
  other: Record<string, number>;
}

describe('three times the load that it can take', () => {
  let stage: Stage | undefined;
  afterEach(() => stage?.close());

  it.each([
    { slowerBySeconds: 1, p99Ms: ANSWER_LIMIT_MS },
    // Six thousand requests a second: more than a machine can send that is busy with anything else.
    ...scale([{ slowerBySeconds: 0.25, p99Ms: 1_000 }], []),
  ])(
    'is answered as fast as before for four in five of those it can take, and told to come back for the rest: each commit $slowerBySeconds s slower',
    async ({ slowerBySeconds, p99Ms }) => {
      stage = await Stage.open({
        apis: 1,
        workers: 1,
        settings: { NODE_OPTIONS: '--max-semi-space-size=16' },
      });
      const [organiser] = await stage.people(1, 'organizer');
      const buyers = await stage.people(5_000);
      const event = await stage.event({ vip: 1_000_000, regular: 1_000_000 }, organiser!, 100);
      await stage.sql(slowDisk(slowerBySeconds));
      const api = stage.apis[0]!;
      const caller = new Caller(api.url, ANSWER_LIMIT_MS, MOST_CONNECTIONS);
      const ask = asker(caller, buyers, event);

      const peakSeen = emptySeen();
      const peakFrom = performance.now() + LEAD_SECONDS * 1_000;
      const peakTo = peakFrom + PEAK_SECONDS * 1_000;
      const oneAfterTheOther = async () => {
        while (performance.now() < peakTo) await ask(peakSeen);
      };
      await Promise.all(Array.from({ length: PEAK_CONNECTIONS }, oneAfterTheOther));
      const peak = peakSeen.goodAt.filter((at) => at >= peakFrom && at < peakTo).length / PEAK_SECONDS;
      const rssBefore = rssMb(api.process.pid);

      const seen = emptySeen();
      const all: Promise<void>[] = [];
      const startedAt = performance.now();
      const heldMb: number[] = [];
      for (let sent = 0; performance.now() - startedAt < OVERLOAD_SECONDS * 1_000; sent += 1) {
        const early = startedAt + (sent * 1_000) / (3 * peak) - performance.now();
        if (early > 0) await delay(early);
        if (sent % 1_000 === 0) heldMb.push(Math.round(rssMb(api.process.pid)));
        all.push(ask(seen));
      }
      const seconds = (performance.now() - startedAt) / 1_000;
      await Promise.all(all);
      caller.close();
      const mostMb = Math.max(...heldMb);
      const goodput = seen.goodMs.length / seconds;
      // Once the connections are there, twelve thousand of them.
      const settledMs = seen.goodMs.filter((_, i) => seen.goodAt[i]! - startedAt > LEAD_SECONDS * 1_000);
      await stage.sql('DROP TRIGGER slow_disk ON ticket_requests');
      await atRest(stage);
      const { requests, keys } = await countsOf(stage);

      tell('three times the load that it can take', {
        'each commit slower by seconds': slowerBySeconds,
        'peak goodput, 202s a second': Math.round(peak),
        'offered a second': Math.round(all.length / seconds),
        'for seconds': Math.round(seconds),
        'goodput, 202s within 5 s a second': Math.round(goodput),
        'goodput of peak': (goodput / peak).toFixed(2),
        '202 after, p50 and p99 in ms': [quantile(seen.goodMs, 0.5), quantile(seen.goodMs, 0.99)],
        'the same after the first seconds': [quantile(settledMs, 0.5), quantile(settledMs, 0.99)],
        'told to come back': seen.turnedAway,
        'without Retry-After': seen.withoutRetryAfter,
        'no answer within 5 s': seen.late,
        'anything else': seen.other,
        'API before, and most, in MB': [Math.round(rssBefore), Math.round(mostMb)],
        'API in MB, after each thousand': heldMb.filter((_, i) => i % Math.ceil(heldMb.length / 15) === 0),
        'requests and keys in the database': [requests, keys],
      });
      expect(goodput).toBeGreaterThan(0.8 * peak);
      expect(seen.other).toEqual({});
      expect(seen.late).toBe(0);
      expect(quantile(settledMs, 0.99)).toBeLessThan(p99Ms);
      expect(seen.turnedAway).toBeGreaterThan(0);
      expect(seen.withoutRetryAfter).toBe(0);
      expect(mostMb - rssBefore).toBeLessThan(MOST_MORE_MB);
      // Once all connections are there. The short run ends before.
      const lastThird = heldMb.slice(Math.floor((heldMb.length * 2) / 3));
      expect(lastThird.at(-1)! - lastThird[0]!).toBeLessThan(scale(STILL_GROWING_MB, MOST_MORE_MB));
      expect(requests).toBe(keys);
      // Whoever gave up while the peak was looked for may have been taken in.
      const answered = seen.goodMs.length + peakSeen.goodMs.length;
      expect(requests).toBeGreaterThanOrEqual(answered);
      expect(requests).toBeLessThanOrEqual(answered + peakSeen.late);
    },
  );
});

function emptySeen(): Seen {
  return { goodMs: [], goodAt: [], turnedAway: 0, withoutRetryAfter: 0, late: 0, other: {} };
}

/** One request of anybody, once; notes what came of it. */
function asker(caller: Caller, buyers: readonly Buyer[], event: number): (seen: Seen) => Promise<void> {
  return async (seen) => {
    const { token } = buyers[Math.floor(Math.random() * buyers.length)]!;
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() };
    const body = { event_id: event, ticket_type: Math.random() < 0.2 ? 'VIP' : 'Regular', quantity: 1 };
    const sentAt = performance.now();
    let answer: Answer;
    try {
      answer = await caller.post('/api/ticket-requests', headers, body);
    } catch (error) {
      const { message } = error as Error;
      if (message === 'ETIMEDOUT') seen.late += 1;
      else seen.other[message] = (seen.other[message] ?? 0) + 1;
      return;
    }
    if (answer.status === 202) {
      seen.goodAt.push(performance.now());
      seen.goodMs.push(seen.goodAt.at(-1)! - sentAt);
    } else if (answer.status === 503 || answer.status === 429) {
      seen.turnedAway += 1;
      if (answer.headers['retry-after'] === undefined) seen.withoutRetryAfter += 1;
      // As told, if only this once: nobody asks again at once.
      await delay(200);
    } else seen.other[answer.status] = (seen.other[answer.status] ?? 0) + 1;
  };
}

/** What a process holds in memory now. */
function rssMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1_024;
}
