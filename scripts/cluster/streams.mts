/** Server-Sent Events of many who wait, through nginx: what each costs in memory, and how soon all hear their outcome. */
import { Agent, get, type ClientRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { OwnNginx } from '../servers/own-nginx.mts';
import type { Waiting } from './crowd.mts';

const STREAMS = 2_000;
const OPENED_AT_ONCE = 50;
const CALM_MS = 3_000;
const OUTCOME_LIMIT_MS = 20_000;

export interface Streams {
  /** How many were open, all of which had told a position. */
  readonly open: number;
  readonly apiBytesEach: number;
  readonly nginxBytesEach: number;
  /** Once the line went on: streams that ended with an outcome, and when the last did. */
  readonly ended: number;
  readonly lastMs: number;
}

/**
 * Opens a stream for each of `people`, once to warm up and once to measure: the first time every code path and every
 * buffer pool is made, and that is not what one more stream costs.
 */
export async function openStreams(
  nginx: OwnNginx,
  people: readonly Waiting[],
  apiMb: () => number,
  nginxMb: () => number,
  letGo: () => Promise<void>,
): Promise<Streams> {
  const some = people.slice(0, STREAMS);
  const warmUp = await openAll(nginx, some.slice(0, STREAMS / 4));
  warmUp.close();
  await delay(CALM_MS);
  const before = { api: apiMb(), nginx: nginxMb() };
  const all = await openAll(nginx, some);
  await delay(CALM_MS);
  const open = all.told();
  const each = (mb: number) => Math.round((mb * 1_048_576) / open);
  const bytes = { api: each(apiMb() - before.api), nginx: each(nginxMb() - before.nginx) };
  const startedAt = performance.now();
  await letGo();
  let lastMs = 0;
  for (let ended = 0; ended < open && performance.now() - startedAt < OUTCOME_LIMIT_MS; await delay(20)) {
    if (all.ended() > ended) lastMs = performance.now() - startedAt;
    ended = all.ended();
  }
  const ended = all.ended();
  all.close();
  return { open, apiBytesEach: bytes.api, nginxBytesEach: bytes.nginx, ended, lastMs };
}

async function openAll(nginx: OwnNginx, people: readonly Waiting[]) {
  const agent = new Agent({ keepAlive: false, maxSockets: Infinity });
  const calls: ClientRequest[] = [];
  let told = 0;
  let ended = 0;
  const open = ({ requestId, token }: Waiting) =>
    new Promise<void>((done, fail) => {
      const path = `/api/ticket-requests/${requestId}/events`;
      const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
      const call = get({ host: '127.0.0.1', port: nginx.port, path, headers, agent }, (stream) => {
        stream.once('data', () => {
          told += 1;
          done();
        });
        stream.on('data', () => undefined);
        stream.once('end', () => (ended += 1));
        stream.on('error', () => undefined);
      });
      call.on('error', fail);
      calls.push(call);
    });
  for (let at = 0; at < people.length; at += OPENED_AT_ONCE)
    await Promise.all(people.slice(at, at + OPENED_AT_ONCE).map(open));
  return {
    told: () => told,
    ended: () => ended,
    close: () => calls.forEach((call) => call.destroy()),
  };
}
