import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startOwnPostgres } from '../support/own-postgres';
import { backUp } from './support/backup';
import { Crowd } from './support/crowd';
import { tell } from './support/figures';
import { History } from './support/history';
import { atRest, brokenIn, countsOf, prove } from './support/proof';
import { openSale } from './support/sale';
import { scale, thorough } from './support/scale';
import { Stage, type Home } from './support/stage';

const HOMES = scale<Home[]>(['PostgreSQL', 'Redis'], ['Redis']);
const REQUESTS = scale(3_000, 500);
const RATE = 100;

describe('a backup that was made under load', () => {
  const stages: Stage[] = [];
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tixline-test-'));
  });
  afterEach(async () => {
    for (const stage of stages.splice(0)) await stage.close();
    await rm(folder, { recursive: true, force: true });
  });

  thorough.each(HOMES)(
    'is a whole Tixline on a new server, with an empty queue, the line on %s',
    async (home) => {
      const stage = await Stage.open({ home });
      stages.push(stage);
      const sale = await openSale(stage, REQUESTS);
      // Those who were answered before it began are in it, all of them.
      await sale.crowd.rush({ event: sale.event, rate: RATE, requests: REQUESTS / 2 });
      await sale.crowd.close();
      const history = join(folder, 'history.jsonl');
      await cp(sale.crowd.history.path, history);
      const later = new Crowd(
        await stage.people(REQUESTS),
        stage.apis.map(({ url }) => url),
        new History(stage.file('later.jsonl')),
      );
      const target = join(folder, 'database');
      const backingUp = async () => {
        await delay(1_000);
        // So that somebody waits at the moment of the backup.
        for (const worker of stage.workers) worker.freeze();
        await delay(2_000);
        await backUp(stage, target);
        for (const worker of stage.workers) worker.thaw();
      };
      await later.rush({ event: sale.event, rate: RATE, requests: REQUESTS / 2, during: backingUp() });
      await later.close();
      const whole = await countsOf(stage);
      await Promise.all(stage.members.map((member) => member.terminate()));
      // The file of transactions is not in the backup: it is as it was in the end, ahead of the database that comes back.
      await cp(stage.settings['DATA_DIR']!, join(folder, 'data'), { recursive: true });

      const postgres = await startOwnPostgres({ from: target });
      const restored = await Stage.open({
        home,
        apis: 0,
        workers: 0,
        postgres,
        settings: { DATA_DIR: join(folder, 'data') },
      });
      stages.push(restored);
      const [waiting] = await restored.sql<{ queued: number }>(
        `SELECT count(*)::int AS queued FROM ticket_requests WHERE status = 'queued'`,
      );
      // With Redis the queue is gone; the one in the database was restored with it, and is emptied to be as hard.
      if (home === 'PostgreSQL') await restored.sql('TRUNCATE bullmq.job CASCADE');
      await restored.add('api');
      await restored.add('worker');
      const restMs = await atRest(restored);
      const proof = await prove(restored, history);
      const counts = await countsOf(restored);
      tell(`backup under load restored, line on ${home}`, {
        'requests in all, and in the backup': [whole.requests, counts.requests],
        'queued in the backup': waiting!.queued,
        'all settled after the start, in ms': Math.round(restMs),
        'tickets out, of seats': [counts.tickets, counts.seats],
        'checks that hold, of all': [proof.checks.length - brokenIn(proof).length, proof.checks.length],
      });
      expect(brokenIn(proof)).toEqual([]);
      expect(waiting!.queued).toBeGreaterThan(0);
      expect(counts.requests).toBe(counts.keys);
      expect(counts.requests).toBeGreaterThanOrEqual(sale.crowd.tally.answered);
      expect(counts.requests).toBeLessThan(whole.requests);
      expect(counts.tickets).toBeLessThanOrEqual(counts.seats);
    },
  );
});
