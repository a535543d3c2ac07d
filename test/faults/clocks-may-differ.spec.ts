import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { ask } from './support/ask';
import { Clock, HOUR_MS } from './support/clock';
import { tell } from './support/figures';
import type { Member } from './support/member';
import { conclude, expectSound, openSale } from './support/sale';
import { scale, thorough } from './support/scale';
import { Stage, type Buyer, type Home } from './support/stage';
import { untilServed, Watch } from './support/watch';

const RATE = 100;
const REQUESTS = scale(3_000, 600);
const STEPS = scale([1, -1, 1, 0, -1, 0], [1, -1, 0]);
const HOMES = scale<Home[]>(['PostgreSQL', 'Redis'], ['PostgreSQL']);
const PACE = 20;
const PACED_MS = scale(20_000, 6_000);
const HALF_HOUR_MS = HOUR_MS / 2;

describe('the clock of one process is an hour ahead, then behind', () => {
  let stage: Stage | undefined;
  afterEach(() => stage?.close());

  thorough.each(HOMES)(
    'under load, the line on %s: the order is the same and no time to wait is below zero',
    async (home) => {
      stage = await Stage.open({ home, apis: 1, workers: 1 });
      const clocks = [await Clock.of(stage, 'api'), await Clock.of(stage, 'worker')];
      const watch = new Watch(stage);
      const sale = await openSale(stage, REQUESTS);
      const [looker] = await stage.people(1);
      const told: Told[] = [];
      const steps = async () => {
        for (const step of STEPS) {
          await delay(1_500);
          for (const clock of clocks) await clock.set(step * HOUR_MS);
          // A place in line, seen through both APIs.
          const request = await ask(stage!.apis[0]!, looker!, sale.event, randomUUID());
          expect(request.status).toBe(202);
          sale.crowd.tally.answered += 1;
          for (const api of stage!.apis) told.push(await position(api, looker!, request.id!));
        }
      };
      await sale.crowd.rush({ event: sale.event, rate: RATE, requests: REQUESTS, during: steps() });
      const etas = told.flatMap(({ eta_seconds }) => (eta_seconds === null ? [] : [eta_seconds]));
      const tried = {
        'clock of one API and one worker set to, in hours': STEPS,
        'positions looked at, and times to wait among them': [told.length, etas.length],
      };
      expectSound(sale, await conclude(stage, sale, `clock of one process, line on ${home}`, tried));
      expect(etas.filter((eta) => eta < 0)).toEqual([]);
      expect(watch.ended).toEqual([]);
    },
  );

  it('a sale opens and closes by the clock of the database at every API, and a key is one request at all', async () => {
    stage = await Stage.open({ apis: 1, workers: 0 });
    await Clock.of(stage, 'api', HOUR_MS);
    await Clock.of(stage, 'api', -HOUR_MS);
    const [organiser] = await stage.people(1, 'organizer');
    const [buyer] = await stage.people(1);
    const windows: [name: string, opens: number, closes: number, status: number][] = [
      ['opens in half an hour', HALF_HOUR_MS, 3 * HOUR_MS, 409],
      ['opened half an hour ago', -HALF_HOUR_MS, 3 * HOUR_MS, 202],
      ['closes in half an hour', -3 * HOUR_MS, HALF_HOUR_MS, 202],
      ['closed half an hour ago', -3 * HOUR_MS, -HALF_HOUR_MS, 409],
    ];
    const answers: Record<string, number[]> = {};
    for (const [name, opens, closes, status] of windows) {
      const event = await stage.event({ vip: 10, regular: 10 }, organiser!);
      await stage.sql('UPDATE events SET sale_opens_at = $2, sale_closes_at = $3 WHERE id = $1', [
        event,
        new Date(Date.now() + opens),
        new Date(Date.now() + closes),
      ]);
      const got: number[] = [];
      for (const api of stage.apis) got.push((await ask(api, buyer!, event, randomUUID())).status);
      answers[name] = got;
      expect([name, got]).toEqual([name, [status, status, status]]);
    }
    // A key that was used at one API is known at the others.
    const event = await stage.event({ vip: 10, regular: 10 }, organiser!);
    const key = randomUUID();
    const ids = new Set<string>();
    for (const api of stage.apis) ids.add((await ask(api, buyer!, event, key)).id!);
    expect(ids.size).toBe(1);
    tell('sale windows at an API that is right, one an hour ahead, one an hour behind', answers);
  });

  thorough('sessions go on, and what may be lost is an access token, which is then given anew', async () => {
    stage = await Stage.open({ apis: 1, workers: 0, settings: { ACCESS_TOKEN_EXPIRE_MINUTES: '15' } });
    const ahead = await Clock.of(stage, 'api', HOUR_MS);
    const behind = await Clock.of(stage, 'api', -HOUR_MS);
    const [right] = stage.apis;
    const all = { right: right!, ahead: ahead.member, behind: behind.member };
    const person = {
      name: 'Clock',
      email: `${randomUUID()}@faults.test`,
      password: 'a long enough password',
    };
    await right!.process.call('POST', '/api/auth/register', { body: person });
    const { email, password } = person;
    const signedIn = await fetch(`${right!.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    });
    // A session goes on at every API, wherever its clock stands, and what each gives is good there.
    let cookie = signedIn.headers.getSetCookie()[0]!.split(';')[0]!;
    const accepted: Record<string, string> = {};
    for (const [name, api] of Object.entries(all)) {
      const refreshed = await fetch(`${api.url}/api/auth/refresh`, { method: 'POST', headers: { cookie } });
      expect([name, refreshed.status]).toEqual([name, 200]);
      cookie = refreshed.headers.getSetCookie()[0]!.split(';')[0]!;
      const { access_token: token } = (await refreshed.json()) as { access_token: string };
      const at: string[] = [];
      for (const [other, { url }] of Object.entries(all)) {
        const me = await fetch(`${url}/api/me`, { headers: { authorization: `Bearer ${token}` } });
        if (me.status === 200) at.push(other);
      }
      expect(at).toContain(name);
      accepted[name] = at.join(', ');
    }
    tell('access tokens given by one API and taken by others', accepted);
    expect(accepted).toEqual({ right: 'right, behind', ahead: 'right, ahead, behind', behind: 'behind' });
  });

  thorough('the pace is kept by the clock of the database', async () => {
    stage = await Stage.open({ apis: 1, workers: 0 });
    const clock = await Clock.of(stage, 'worker');
    const sale = await openSale(stage, 1_000);
    await stage.sql('UPDATE lines SET pace = $2 WHERE event_id = $1', [sale.event, PACE]);
    await stage.sql('UPDATE ticket_types SET capacity = 5000, remaining = 5000 WHERE event_id = $1', [
      sale.event,
    ]);
    const wanted = (PACE * PACED_MS * 3) / 1_000;
    await sale.crowd.rush({ event: sale.event, rate: 200, requests: wanted });
    const granted = async () => {
      const [row] = await stage!.sql<{ granted: number; at: number }>(
        `SELECT count(*)::int AS granted, extract(epoch FROM clock_timestamp())::float8 AS at
           FROM ticket_requests WHERE status = 'granted'`,
      );
      return row!;
    };
    const before = await granted();
    for (const hours of [1, -1, 0]) {
      await clock.set(hours * HOUR_MS);
      await delay(PACED_MS / 3);
    }
    const after = await granted();
    const perSecond = (after.granted - before.granted) / (after.at - before.at);
    tell('pace while the clock of the worker is set', {
      pace: PACE,
      'granted per second': perSecond.toFixed(1),
    });
    await sale.crowd.close();
    // A late tick is made up for with the allowance of one second, and never with more.
    expect(after.granted - before.granted).toBeLessThanOrEqual(PACE * (after.at - before.at + 1));
    expect(perSecond).toBeGreaterThan(PACE / 2);
  });

  thorough.each(HOMES)(
    'a permit given back by a worker an hour ahead is not put off for an hour, on %s',
    async (home) => {
      stage = await Stage.open({ home, apis: 1, workers: 0 });
      const sale = await openSale(stage, 100);
      await stage.sql(
        `CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now'; END $$`,
      );
      await stage.sql(`CREATE TRIGGER fails BEFORE UPDATE ON lines FOR EACH ROW EXECUTE FUNCTION fails()`);
      const clock = await Clock.of(stage, 'worker', HOUR_MS);
      await sale.crowd.rush({ event: sale.event, rate: 100, requests: 100 });
      await delay(1_000); // Its permits have failed and been given back.
      await clock.set(0);
      await stage.sql('DROP TRIGGER fails ON lines');
      const served = await untilServed(stage, sale.event, 60_000);
      const tried = { 'served after its clock was right again, in ms': served };
      expectSound(
        sale,
        await conclude(stage, sale, `permits given back an hour ahead, line on ${home}`, tried),
      );
    },
  );
});

interface Told {
  readonly status: string;
  readonly eta_seconds: number | null;
}

function position({ process }: Member, { token }: Buyer, id: string): Promise<Told> {
  return eventually(() =>
    process.call<Told & Record<string, unknown>>('GET', `/api/ticket-requests/${id}`, { token }),
  );
}
