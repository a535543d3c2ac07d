import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { tell } from './support/figures';
import { Permits } from './support/permits';
import { dyingAt } from './support/preloads';
import { conclude, expectSound, openSale } from './support/sale';
import { scale } from './support/scale';
import { homes, Stage, type Home } from './support/stage';

const DEATHS = scale(20, 2);
const DOWN_MS = scale(30_000, 6_000);
const RATE = 100;
/** A lock lasts ten seconds, and is looked at every five; then the next tick. */
const STALLED_LIMIT_MS = 15_500 + 2_000;
const HOMES = homes(scale<Home[]>(['PostgreSQL', 'Redis'], ['PostgreSQL']));

describe.each(HOMES)('with the line on %s', (home) => {
  let stage: Stage | undefined;
  afterEach(() => stage?.close());

  it('a worker that dies between commit and completion has done its work once', async () => {
    stage = await Stage.open({ home, workers: 0 });
    const worker = await stage.add('worker', dyingAt(1 + Math.floor(Math.random() * 4)));
    const requests = scale(3_000, 500);
    const sale = await openSale(stage, requests);
    let held = 0;
    const dying = async () => {
      for (let death = 1; death <= DEATHS; death += 1) {
        const { signal, err } = await worker.process.ended;
        expect(signal).toBe('SIGKILL');
        held += Number(/died holding (\d+) permits/.exec(err)![1]);
        await worker.start(
          death < DEATHS ? dyingAt(1 + Math.floor(Math.random() * 4)) : { NODE_OPTIONS: '' },
        );
      }
    };
    await sale.crowd.rush({ event: sale.event, rate: RATE, requests, during: dying() });
    const endedAt = performance.now();
    const permits = await Permits.of(stage, sale.event);
    try {
      await eventually(async () => expect(await permits.held()).toBe(0), 2 * STALLED_LIMIT_MS, 100);
      const backMs = Math.round(performance.now() - endedAt);
      const tried = {
        deaths: DEATHS,
        'permits settled and not completed': held,
        'none held any more after, in ms': backMs,
      };
      expectSound(
        sale,
        await conclude(stage, sale, `worker dies between commit and completion, line on ${home}`, tried),
      );
      expect(held).toBeGreaterThanOrEqual(DEATHS);
      expect(backMs).toBeLessThan(STALLED_LIMIT_MS);
      expect(await permits.setAside()).toEqual([]);
    } finally {
      await permits.close();
    }
  });

  it('both workers away: all VIPs who came meanwhile go before all Regulars, each tier in its order', async () => {
    stage = await Stage.open({ home });
    const requests = scale(6_000, 900);
    const sale = await openSale(stage, requests);
    const line = async () => {
      const [row] = await stage!.sql<{ vip: number; regular: number; vip_last: number }>(
        `SELECT vip_served AS vip, regular_served AS regular,
                (SELECT last_place FROM line_places p WHERE p.event_id = l.event_id AND tier = 1) AS vip_last
           FROM lines l WHERE event_id = $1`,
        [sale.event],
      );
      return row!;
    };
    let before = { vip: 0, regular: 0, vip_last: 0 };
    const away = async () => {
      await delay(2_000);
      await Promise.all(stage!.workers.map((worker) => worker.kill()));
      await delay(DOWN_MS);
      before = await line();
      await Promise.all(stage!.workers.map((worker) => worker.start()));
    };
    await sale.crowd.rush({ event: sale.event, rate: RATE, requests, during: away() });
    const conclusion = await conclude(stage, sale, `both workers away, line on ${home}`, {
      'away, in s': DOWN_MS / 1_000,
      'VIPs who waited when they came back': before.vip_last - before.vip,
    });
    // The ledger's ids are the order of settlement.
    const passed = await stage.sql(
      `SELECT v.place FROM ledger l JOIN ticket_requests v ON v.id = l.request_id
        WHERE v.event_id = $1 AND v.tier = 1 AND v.place BETWEEN $2 AND $3
          AND l.id > (SELECT min(m.id) FROM ledger m JOIN ticket_requests r ON r.id = m.request_id
                       WHERE r.event_id = $1 AND r.tier = 2 AND r.place > $4)`,
      [sale.event, before.vip + 1, before.vip_last, before.regular],
    );
    tell(`both workers away, line on ${home}: order`, {
      'VIPs settled after a Regular who came back into the line with them': passed.length,
    });
    expect(before.vip_last - before.vip).toBeGreaterThan((RATE * 0.2 * DOWN_MS) / 1_000 / 4);
    expect(passed).toEqual([]);
    expectSound(sale, conclusion);
  });
});
