/**
 * The load: a thread that writes prepared HTTP/1.1 requests to kept-alive sockets, one at a time on each, and reads no more
 * of an answer than its status and length.
 *
 * It runs on the cores it measures, so its cost is in every figure. CPU for a request of the empty route with 256 connections,
 * most of it the kernel's: 16 µs here, 14 to 16 µs wrk, 44 to 61 µs autocannon, 65 to 130 µs node:http. So it costs no more
 * than the cheapest there is, holds a rate, which wrk cannot, and needs nothing installed.
 */
import { parentPort } from 'node:worker_threads';
import { Connection } from './connection.mts';
import type { Load, Measured, ToMain, ToThread } from './load.mts';

/** How long answers that are still out when the time is over are waited for. */
const GRACE_MS = 10_000;
const main = parentPort!;
const say = (word: ToMain) => main.postMessage(word);
/** Prepared requests by name. */
const prepared = new Map<string, Buffer[]>();

main.on('message', (order: ToThread) => {
  if (order.kind === 'prepare')
    prepared.set(
      order.name,
      order.requests.map((text) => Buffer.from(text, 'latin1')),
    );
  else
    void run(order.load).then(
      (measured) => say({ kind: 'done', measured }),
      (error: Error) => say({ kind: 'failed', message: error.message }),
    );
});

async function run(load: Load): Promise<Measured> {
  const requests = load.requests.flatMap((name) => prepared.get(name) ?? []);
  if (requests.length === 0) throw new Error(`no requests prepared for ${load.requests.join(', ')}`);
  const startsAt = performance.now() + load.leadSeconds * 1_000;
  const endsAt = startsAt + load.seconds * 1_000;
  const tookMs: number[] = [];
  const wrong = new Map<number, number>();
  const idle: Connection[] = [];
  /** Moments at which requests of the open loop were due and found no connection free. */
  const due: number[] = [];
  let out = 0;
  let doneInTime = 0;
  let next = 0;
  let mostBehind = 0;

  const send = (connection: Connection, dueAt: number) => {
    out += 1;
    connection.send(requests[next++ % requests.length]!, dueAt);
  };
  const answered = (connection: Connection, status: number, dueAt: number) => {
    const now = performance.now();
    out -= 1;
    if (status !== load.expect) wrong.set(status, (wrong.get(status) ?? 0) + 1);
    else if (now >= startsAt && now <= endsAt) doneInTime += 1;
    // A closed loop counts what was answered in its time, an open one what was due in it, however late the answer.
    const counts = load.rate === undefined ? now >= startsAt && now <= endsAt : dueAt >= startsAt;
    if (counts && status === load.expect) tookMs.push(now - dueAt);
    if (due.length > 0) send(connection, due.shift()!);
    else if (load.rate === undefined && now < endsAt) send(connection, now);
    else idle.push(connection);
  };

  const connections = await Promise.all(
    Array.from({ length: load.connections }, (_, i) =>
      Connection.open(load.ports[i % load.ports.length]!, load.keyed === true, answered),
    ),
  );
  const cpuBefore = process.threadCpuUsage();
  void sleep(startsAt - performance.now()).then(() => say({ kind: 'measuring' }));
  if (load.rate === undefined) for (const connection of connections) send(connection, performance.now());
  else {
    idle.push(...connections);
    await pace(load.rate, performance.now(), endsAt, (dueAt) => {
      const connection = idle.pop();
      if (connection === undefined) mostBehind = Math.max(mostBehind, due.push(dueAt));
      else send(connection, dueAt);
    });
  }
  await sleep(endsAt - performance.now());
  say({ kind: 'measured' });
  const spent = process.threadCpuUsage(cpuBefore);
  const sent = next;
  for (const giveUpAt = endsAt + GRACE_MS; out > 0 && performance.now() < giveUpAt;) await sleep(5);
  for (const connection of connections) connection.close();
  return {
    ...quantiles(tookMs),
    perSecond: doneInTime / load.seconds,
    answered: tookMs.length,
    unanswered: out + due.length,
    wrong: Object.fromEntries(wrong),
    mostBehind,
    clientUs: sent === 0 ? NaN : (spent.user + spent.system) / sent,
  };
}

/** Calls `fire` `rate` times a second with the moment each was due, also for those that a busy thread is late for. */
async function pace(
  rate: number,
  fromMs: number,
  toMs: number,
  fire: (dueAt: number) => void,
): Promise<void> {
  const everyMs = 1_000 / rate;
  for (let dueAt = fromMs; dueAt < toMs;) {
    for (const now = performance.now(); dueAt <= now && dueAt < toMs; dueAt += everyMs) fire(dueAt);
    await sleep(1);
  }
}

function quantiles(tookMs: number[]): { p50: number; p99: number; max: number } {
  const sorted = Float64Array.from(tookMs).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

function sleep(ms: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, Math.max(0, ms)));
}
