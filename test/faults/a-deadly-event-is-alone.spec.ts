import { writeFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { Crowd } from './support/crowd';
import { tell } from './support/figures';
import { History } from './support/history';
import type { Member } from './support/member';
import { Permits } from './support/permits';
import { sickBy } from './support/preloads';
import { atRest, brokenIn, prove } from './support/proof';
import { scale, thorough } from './support/scale';
import { failedOnTheBoard, outcomeMs } from './support/sick';
import { Stage } from './support/stage';
import { Watch } from './support/watch';

const RATE = 30;
const BEFORE_SECONDS = scale(60, 10);
const DEADLY_SECONDS = scale(90, 50);
const BLOCKED_MS = scale(40_000, 12_000);
/** How long a supervisor waits before it starts again what has ended. */
const RESTART_MS = 500;
/** Each worker once, two at once, and then one after 30 and 60 s. */
const MOST_DEATHS = 6;
/** What it held of the others is theirs again after a second; then the other worker's next ticks. */
const HELD_MS = 2_500;
/** Those who waited for a worker have had their turn. */
const DRAINED_MS = 3_000;
/** The others wait while both workers start again, twice at the most, on cores that are busy with the load. */
const WORST_LIMIT_MS = 60_000;

describe('an event whose settlement', () => {
  let stage: Stage | undefined;
  let supervised: Supervisor | undefined;
  afterEach(async () => {
    supervised?.end();
    supervised = undefined;
    await stage?.close();
  });

  async function sale() {
    const sickFile = `${process.env.TMPDIR ?? '/tmp'}/sick-${process.pid}-${Date.now()}`;
    stage = await Stage.open({ apis: 1, workers: 0 });
    await stage.add('worker', sickBy(sickFile));
    await stage.add('worker', sickBy(sickFile));
    const buyers = await stage.people(2_000);
    const [organiser] = await stage.people(1, 'organizer');
    const seats = { vip: 400, regular: 1_600 };
    const sick = await stage.event(seats, organiser!);
    const others = [await stage.event(seats, organiser!), await stage.event(seats, organiser!)];
    const crowd = new Crowd(buyers, [stage.apis[0]!.url], new History(stage.file('history.jsonl')));
    const load = (seconds: number) =>
      Promise.all(
        [sick, ...others].map((event) => crowd.rush({ event, rate: RATE, requests: RATE * seconds })),
      );
    return { stage, sickFile, sick, others, crowd, load };
  }

  thorough(
    'ends the process: tried a few times, then ever more seldom; the others go on, and it does once cured',
    async () => {
      const { stage, sickFile, sick, others, crowd, load } = await sale();
      const permits = await Permits.of(stage, sick);
      supervised = new Supervisor(stage.workers);
      await load(BEFORE_SECONDS);
      await atRest(stage);
      const before = await outcomeMs(stage, others, 0);
      const from = Date.now();
      writeFileSync(sickFile, `exit ${sick}`);
      await load(DEADLY_SECONDS);
      const [calmFrom, calmTo] = supervised.calm();
      const deaths = supervised.deaths.map((at) => at - from);
      const meanwhile = await outcomeMs(stage, others, from);
      const calm = await outcomeMs(stage, others, calmFrom + DRAINED_MS, calmTo);
      const queued = await waitingOf(stage, others);
      const reasons = new Set<string>();
      await eventually(
        async () => {
          for (const { reason } of await permits.setAside()) reasons.add(reason);
          expect([...reasons].join('\n')).toMatch(/processes ended/);
        },
        30_000,
        500,
      );
      const onTheBoard = await failedOnTheBoard(stage, sick);
      rmSync(sickFile);
      const curedAt = performance.now();
      await atRest(stage);
      const curedMs = Math.round(performance.now() - curedAt);
      await permits.close();
      await crowd.close();
      const proof = await prove(stage, crowd.history.path);
      tell('an event that ends the process', {
        'requests of three events': crowd.tally.requests,
        'workers ended after, in ms': deaths,
        'the others, 202 to outcome before, p50, p99 and worst in ms': Object.values(before),
        'the others meanwhile': Object.values(meanwhile),
        'both workers there for, in ms': Math.round(calmTo - calmFrom),
        'the others then': Object.values(calm),
        'the others without an outcome in the end': queued,
        'set aside, with reason': [...reasons],
        'all settled after the cure, in ms': curedMs,
        'checks that hold, of all': [proof.checks.length - brokenIn(proof).length, proof.checks.length],
      });
      expect(brokenIn(proof)).toEqual([]);
      expect(onTheBoard).toMatch(/processes ended/);
      expect(deaths.length).toBeGreaterThan(1);
      expect(deaths.length).toBeLessThanOrEqual(MOST_DEATHS);
      expect(meanwhile.worst).toBeLessThan(WORST_LIMIT_MS);
      expect(queued).toBe(0);
      expect(calmTo - calmFrom).toBeGreaterThan(2 * DRAINED_MS);
      expect(calm.p99).toBeLessThan(2 * before.p99);
    },
  );

  thorough('holds the event loop of one worker: the other one serves all the others', async () => {
    const { stage, sickFile, sick, others, crowd, load } = await sale();
    const watch = new Watch(stage);
    await load(BEFORE_SECONDS);
    await atRest(stage);
    const before = await outcomeMs(stage, others, 0);
    const from = Date.now();
    writeFileSync(sickFile, `block ${sick} ${BLOCKED_MS}`);
    // Until it has come back and been told that its transactions are gone.
    await load(BLOCKED_MS / 1_000 + 5);
    const meanwhile = await outcomeMs(stage, others, from);
    await atRest(stage);
    await crowd.close();
    const proof = await prove(stage, crowd.history.path);
    tell('an event that holds the event loop of a worker', {
      'requests of three events': crowd.tally.requests,
      'held for, in s': BLOCKED_MS / 1_000,
      'the others, 202 to outcome before, p50, p99 and worst in ms': Object.values(before),
      'the others meanwhile': Object.values(meanwhile),
      'checks that hold, of all': [proof.checks.length - brokenIn(proof).length, proof.checks.length],
    });
    expect(brokenIn(proof)).toEqual([]);
    expect(stage.workers.map(({ process }) => process.err).join('')).toContain('sick: block');
    expect(watch.ended).toEqual([]);
    expect(meanwhile.worst).toBeLessThan(before.worst + HELD_MS);
    expect(meanwhile.p50).toBeLessThan(2 * before.p50);
  });
});

/** Starts processes again that end, as systemd or Kubernetes would, and notes when they did. */
class Supervisor {
  readonly deaths: number[] = [];
  private readonly stretches: [from: number, to: number][] = [];
  private away = 0;
  private calmSince = Date.now();
  private going = true;

  constructor(members: readonly Member[]) {
    for (const member of members) void this.watch(member);
  }

  /** The longest time, from and to, in which all of them were there after the first had ended. */
  calm(): [from: number, to: number] {
    const all = this.stretches.slice(1);
    if (this.away === 0) all.push([this.calmSince, Date.now()]);
    return all.toSorted(([a, b], [c, d]) => d - c - (b - a))[0] ?? [0, 0];
  }

  end(): void {
    this.going = false;
  }

  private async watch(member: Member): Promise<void> {
    while (this.going) {
      await member.process.ended;
      if (!this.going) return;
      this.deaths.push(Date.now());
      if (this.away === 0) this.stretches.push([this.calmSince, Date.now()]);
      this.away += 1;
      await delay(RESTART_MS);
      // One that dies before it says that it ticks is gone again, and found so.
      if (this.going) await member.start().catch(() => undefined);
      this.away -= 1;
      this.calmSince = Date.now();
    }
  }
}

async function waitingOf(stage: Stage, events: readonly number[]): Promise<number> {
  const [row] = await stage.sql<{ queued: number }>(
    `SELECT count(*)::int AS queued FROM ticket_requests WHERE status = 'queued' AND event_id = ANY ($1)`,
    [events],
  );
  return row!.queued;
}
