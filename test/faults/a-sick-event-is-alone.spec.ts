import { eventually } from '../support/eventually';
import { Crowd } from './support/crowd';
import { tell } from './support/figures';
import { History } from './support/history';
import { Permits } from './support/permits';
import { atRest, brokenIn, prove } from './support/proof';
import { scale } from './support/scale';
import { failedOnTheBoard, outcomeMs } from './support/sick';
import { Stage } from './support/stage';

const SECONDS = scale(60, 5);
const RATE = 30;
/** Five attempts, 0.5, 1, 2 and 4 s apart, each cut off after ten seconds at most. */
const HANGING_LIMIT_MS = 90_000;
const THROWING_LIMIT_MS = 30_000;

interface Sickness {
  readonly name: string;
  /** Makes settlements of this event fail; answers the cure. */
  readonly infect: (stage: Stage, event: number) => Promise<() => Promise<void>>;
  readonly reason: RegExp;
  readonly setAsideWithinMs: number;
}

const THROWS: Sickness = {
  name: 'always throws',
  reason: /this event is sick/,
  setAsideWithinMs: THROWING_LIMIT_MS,
  async infect(stage, event) {
    await stage.sql(
      `CREATE OR REPLACE FUNCTION sick() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'this event is sick'; END $$`,
    );
    await stage.sql(
      `CREATE TRIGGER sick BEFORE INSERT ON ledger FOR EACH ROW WHEN (NEW.event_id = ${event}) EXECUTE FUNCTION sick()`,
    );
    return async () => void (await stage.sql(`DROP TRIGGER sick ON ledger`));
  },
};

const HANGS: Sickness = {
  name: 'hangs',
  reason: /statement timeout|Query read timeout/,
  setAsideWithinMs: HANGING_LIMIT_MS,
  async infect(stage, event) {
    const holder = await stage.pool.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM lines WHERE event_id = $1 FOR UPDATE', [event]);
    return async () => {
      await holder.query('ROLLBACK');
      holder.release();
    };
  },
};

describe('an event whose settlement fails', () => {
  let stage: Stage | undefined;
  afterEach(() => stage?.close());

  it.each([THROWS, HANGS].map((sickness) => [sickness.name, sickness] as const))(
    'because it %s: set aside with its reason, the others as fast as before, and settled in order once cured',
    async (_, sickness) => {
      stage = await Stage.open({ apis: 1 });
      const buyers = await stage.people(2_000);
      const [organiser] = await stage.people(1, 'organizer');
      const seats = { vip: 400, regular: 1_600 };
      const sick = await stage.event(seats, organiser!);
      const healthy = [await stage.event(seats, organiser!), await stage.event(seats, organiser!)];
      const crowd = new Crowd(buyers, [stage.apis[0]!.url], new History(stage.file('history.jsonl')));
      const permits = await Permits.of(stage, sick);
      const load = () =>
        Promise.all(
          [sick, ...healthy].map((event) => crowd.rush({ event, rate: RATE, requests: RATE * SECONDS })),
        );

      await load();
      await atRest(stage);
      const before = await outcomeMs(stage, healthy, 0);
      const from = Date.now();
      const cure = await sickness.infect(stage, sick);
      await load();
      const meanwhile = await outcomeMs(stage, healthy, from);
      await permits.put({ hello: 'world' });
      const reasons: string[] = [];
      if (sickness.setAsideWithinMs < scale(Infinity, HANGING_LIMIT_MS))
        await eventually(
          async () => {
            reasons.splice(0, Infinity, ...(await permits.setAside()).map(({ reason }) => reason));
            expect(reasons.join('\n')).toMatch(sickness.reason);
          },
          sickness.setAsideWithinMs,
          500,
        );
      const onTheBoard = reasons.length > 0 ? await failedOnTheBoard(stage, sick) : '';
      await cure();
      const curedAt = performance.now();
      await atRest(stage);
      const curedMs = Math.round(performance.now() - curedAt);
      // What is no permit has its turn when the line is asked again.
      await eventually(async () =>
        expect((await permits.setAside()).map(({ reason }) => reason).join()).toMatch(/Not a permit/),
      );
      await permits.close();
      await crowd.close();
      const proof = await prove(stage, crowd.history.path);

      tell(`an event that ${sickness.name}`, {
        'requests of three events': crowd.tally.requests,
        'the others, 202 to outcome before, p50 and p99 in ms': [before.p50, before.p99],
        'the others meanwhile': [meanwhile.p50, meanwhile.p99],
        'worst of the others, before and meanwhile': [before.worst, meanwhile.worst],
        'set aside, with reason': [...new Set(reasons)],
        'all settled after the cure, in ms': curedMs,
        'checks that hold, of all': [proof.checks.length - brokenIn(proof).length, proof.checks.length],
      });
      expect(brokenIn(proof)).toEqual([]);
      expect(meanwhile.p99).toBeLessThan(2 * before.p99);
      if (reasons.length > 0) expect(onTheBoard).toMatch(sickness.reason);
    },
  );
});
