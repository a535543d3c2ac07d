import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Member } from './member';
import type { Stage } from './stage';

const EVERY_MS = 100;

/** What a process takes of its machine. */
export interface Taken {
  readonly rssMb: number;
  readonly handles: number;
}

/** Of a running process. Linux only. */
export function takenBy({ process: { pid } }: Member): Taken {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return {
    rssMb: Math.round(Number(kilobytes) / 1_024),
    handles: readdirSync(`/proc/${pid}/fd`).length,
  };
}

/** The most memory that each process has had since it started, in MB. */
export function mostMemory(stage: Stage): number {
  const peaks = stage.members.map(({ process: { pid } }) => {
    const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
    return Math.round(Number(kilobytes) / 1_024);
  });
  return Math.max(...peaks);
}

/** Tells which processes ended between its making and the question: those that no test has killed end for a fault. */
export class Watch {
  private readonly gone: string[] = [];

  constructor(stage: Stage) {
    for (const { role, process } of stage.members)
      void process.ended.then(({ code, signal, err }) =>
        this.gone.push(`${role} ended with ${signal ?? code}: ${err}`),
      );
  }

  get ended(): readonly string[] {
    return this.gone;
  }
}

/** What /health/ready answers: its status, and 0 for no answer within two seconds. */
async function readiness({ url }: Member): Promise<number> {
  return fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).then(
    ({ status }) => status,
    () => 0,
  );
}

/** Milliseconds until all of these answer so to /health/ready; rejects after `limitMs`. */
export async function untilReadiness(
  members: readonly Member[],
  status: number,
  limitMs = 30_000,
): Promise<number> {
  const startedAt = performance.now();
  const wait = async (member: Member) => {
    while ((await readiness(member)) !== status) {
      if (performance.now() - startedAt > limitMs) throw new Error(`no ${status} within ${limitMs} ms`);
      await delay(EVERY_MS);
    }
  };
  await Promise.all(members.map(wait));
  return Math.round(performance.now() - startedAt);
}

/** Milliseconds until everybody who stands in the event's line now has an outcome; rejects after `limitMs`. */
export async function untilServed(stage: Stage, event: number, limitMs = 90_000): Promise<number> {
  const startedAt = performance.now();
  const line = async () => {
    const rows = await stage.sql<{ last: number; served: number }>(
      `SELECT last_place AS last, CASE tier WHEN 1 THEN vip_served ELSE regular_served END AS served
         FROM line_places JOIN lines USING (event_id) WHERE event_id = $1 ORDER BY tier`,
      [event],
    );
    return rows;
  };
  const standing = await line();
  while ((await line()).some(({ served }, i) => served < standing[i]!.last)) {
    if (performance.now() - startedAt > limitMs) throw new Error(`not served within ${limitMs} ms`);
    await delay(EVERY_MS);
  }
  return Math.round(performance.now() - startedAt);
}
