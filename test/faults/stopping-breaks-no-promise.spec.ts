import { Agent, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Member } from './support/member';
import { midSettlement } from './support/mid-settlement';
import { Permits } from './support/permits';
import { conclude, expectSound, openSale } from './support/sale';
import { scale } from './support/scale';
import { homes, Stage, type Home } from './support/stage';

const STOPS = scale(20, 2);
const RATE = scale(120, 100);
const STOP_LIMIT_MS = 15_000;
const HOMES = homes(scale<Home[]>(['PostgreSQL', 'Redis'], ['PostgreSQL']));

describe.each(HOMES)('with the line on %s', (home) => {
  let stage: Stage | undefined;
  afterEach(() => stage?.close());

  it('SIGTERM of an API and of a worker in turn, under load: no answer lost, nothing stalled, exit 0', async () => {
    stage = await Stage.open({ home });
    const requests = scale(6_000, 800);
    const sale = await openSale(stage, requests);
    const permits = await Permits.of(stage, sale.event);
    const stops = { longestMs: 0, codes: [] as unknown[], heldAfter: 0, watched: [] as string[] };
    const stopAll = async () => {
      for (let i = 0; i < STOPS; i += 1) {
        const [api, worker] = [stage!.apis[i % 2]!, stage!.workers[i % 2]!];
        await delay(Math.random() * 1_500);
        const watch = watchReadiness(api);
        const stop = () => Promise.all([api, worker].map(stopped));
        for (const each of await midSettlement(stage!, sale.event, stop, 200)) {
          stops.longestMs = Math.max(stops.longestMs, each.tookMs);
          stops.codes.push(each.code);
        }
        stops.watched.push(await watch);
        await Promise.all([api.start(), worker.start()]);
      }
      // A lock that a stopped worker left would show until it runs out, in ten seconds.
      await delay(1_000);
    };
    await sale.crowd.rush({ event: sale.event, rate: RATE, requests, during: stopAll() });
    await delay(1_500);
    stops.heldAfter = await permits.held();
    await permits.close();
    const { tally } = sale.crowd;
    const conclusion = await conclude(stage, sale, `SIGTERM under load, line on ${home}`, {
      'stops of an API and a worker': STOPS,
      'exit codes': [...new Set(stops.codes)],
      'longest stop, in ms': Math.round(stops.longestMs),
      'what a probe on an open connection saw': stops.watched.reduce<Record<string, number>>(
        (counts, seen) => ({ ...counts, [seen]: (counts[seen] ?? 0) + 1 }),
        {},
      ),
      'permits still held 1.5 s after all': stops.heldAfter,
    });
    expectSound(sale, conclusion);
    expect(new Set(stops.codes)).toEqual(new Set([0]));
    expect(stops.longestMs).toBeLessThan(STOP_LIMIT_MS);
    expect(tally.answersLost).toBe(0);
    expect(stops.heldAfter).toBe(0);
    // Never cut off while it says that it is ready.
    for (const seen of stops.watched) expect(seen).toMatch(/^ready, (not ready|closing|gone)/);
    // One stop may be over between two looks, which all are not: it says so before it closes.
    expect(stops.watched).toContainEqual(expect.stringMatching(/^ready, not ready/));
  });

  scale(it, it.skip)(
    'a rolling restart of all processes: nobody notices but those who had to connect again',
    async () => {
      stage = await Stage.open({ home });
      const requests = scale(4_000, 600);
      const sale = await openSale(stage, requests);
      const restartAll = async () => {
        for (const member of stage!.members) {
          await delay(500);
          expect((await stopped(member)).code).toBe(0);
          await member.start();
        }
      };
      await sale.crowd.rush({ event: sale.event, rate: RATE, requests, during: restartAll() });
      const { tally } = sale.crowd;
      const { ECONNREFUSED: _, ...broken } = tally.noAnswer;
      const errors = Object.values(broken).reduce((sum, count) => sum + count, 0);
      const rate = errors / sale.crowd.history.attempts;
      const conclusion = await conclude(stage, sale, `rolling restart, line on ${home}`, {
        'attempts without an answer, retried connects left out': `${errors} (${(rate * 100).toFixed(3)} %)`,
      });
      expectSound(sale, conclusion);
      expect(rate).toBeLessThan(0.001);
      expect(tally.answersLost).toBe(0);
    },
  );
});

async function stopped(member: Member): Promise<{ code: number | null; tookMs: number }> {
  const startedAt = performance.now();
  const { code } = await member.terminate();
  return { code, tookMs: performance.now() - startedAt };
}

/** Asks an API for its readiness again and again on one open connection, until that is gone; answers what it saw, in order. */
async function watchReadiness({ url }: Member): Promise<string> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const seen: string[] = [];
  const endsAt = performance.now() + STOP_LIMIT_MS;
  while (seen.at(-1) !== 'gone' && performance.now() < endsAt) {
    const word = await new Promise<string>((resolve) => {
      const call = get(`${url}/health/ready`, { agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('error', () => resolve('gone'));
        response.on('end', () => resolve(wordFor(response.statusCode!, text)));
      });
      call.on('error', () => resolve('gone'));
    });
    if (seen.at(-1) !== word) seen.push(word);
    await delay(5);
  }
  agent.destroy();
  return seen.join(', ');
}

/** While the server closes everything is 503, whatever was asked for: that is not the readiness that speaks. */
function wordFor(status: number, text: string): string {
  if (status !== 503) return status === 200 ? 'ready' : String(status);
  return text.includes('This process is stopping.') ? 'not ready' : 'closing';
}
