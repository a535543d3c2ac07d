/**
 * From the 202 to the outcome, as a browser learns of it: by Server-Sent Events, a hundred people a second beside the load. To the
 * settlement itself this adds the notice from the database, the time in which the API gathers notices, and one look-up.
 */
import { get } from 'node:http';
import { median } from './figures.mts';
import { askBody, type Tixline } from './tixline.mts';

const EVERY_MS = 10;
const LONGEST_MS = 30_000;

export interface Outcomes {
  readonly p50: number;
  readonly p99: number;
  readonly watched: number;
}

/** Asks and watches until it is stopped; then waits for those under way. An outcome that never comes makes `stop` reject. */
export function watchOutcomes(tixline: Tixline, eventId: number): { stop(): Promise<Outcomes> } {
  const tookMs: Promise<number | undefined>[] = [];
  const failed: Error[] = [];
  const timer = setInterval(() => {
    const nth = tookMs.length;
    tookMs.push(one(tixline, eventId, nth).catch((error: Error) => void failed.push(error)));
  }, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      const known = (await Promise.all(tookMs)).filter((ms) => ms !== undefined).toSorted((a, b) => a - b);
      if (failed.length > 0) throw failed[0]!;
      const p99 = known[Math.min(known.length - 1, Math.floor(known.length * 0.99))] ?? NaN;
      return { p50: median(known), p99, watched: known.length };
    },
  };
}

async function one(tixline: Tixline, eventId: number, nth: number): Promise<number> {
  const { token } = tixline.buyers[nth % tixline.buyers.length]!;
  const answer = await tixline.http.post('/api/ticket-requests', askBody(eventId, nth), token);
  if (answer.status !== 202) throw new Error(`a watched request was answered ${answer.status}`);
  const acceptedAt = performance.now();
  await settled(`${tixline.apis[0]!.baseUrl}/api/ticket-requests/${answer.body.request_id}/events`, token);
  return performance.now() - acceptedAt;
}

/** Resolves at the event that tells of an outcome. */
function settled(url: string, token: string): Promise<void> {
  return new Promise((done, fail) => {
    const stream = get(
      url,
      { headers: { authorization: `Bearer ${token}` }, agent: false, timeout: LONGEST_MS },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (piece: string) => {
          text += piece;
          if (!/"status":"(granted|refused)"/.test(text)) return;
          stream.destroy();
          done();
        });
        answer.on('end', () => fail(new Error(`a stream ended without an outcome: ${text.slice(-200)}`)));
      },
    );
    stream.on('error', fail);
    stream.on('timeout', () => stream.destroy(new Error('no outcome within half a minute')));
  });
}
