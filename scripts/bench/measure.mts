/** One run of load at a Tixline, with what happens behind the answers meanwhile. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Figures } from './figures.mts';
import type { Load, LoadClient, Measured } from './load.mts';
import { cpuUs } from './processes.mts';
import type { Progress } from './records.mts';
import type { Tixline } from './tixline.mts';

interface Moment {
  readonly progress: Progress;
  readonly cpu: Record<string, number>;
}

export interface Through extends Measured {
  /** Requests settled per second, by when the settlements were committed: ticks do not blur it. */
  readonly settledPerSecond: number;
  /** By how many requests the line grew in a second. */
  readonly growthPerSecond: number;
  /** CPU of each role for one accepted request, in µs. */
  readonly cpuUs: Record<string, number>;
}

/** Sends an event's requests through and watches its line and its processes in the measured time. */
export async function sendThrough(
  load: LoadClient,
  tixline: Tixline,
  eventId: number,
  plan: Omit<Load, 'ports' | 'expect'>,
): Promise<Through> {
  const roles = tixline.roles();
  const look = async (): Promise<Moment> => ({
    cpu: Object.fromEntries(Object.entries(roles).map(([name, role]) => [name, cpuUs(role)])),
    progress: await tixline.records.progress(eventId),
  });
  let before: Moment | undefined;
  let after: Moment | undefined;
  const measured = await load.run(
    { ...plan, ports: tixline.apis.map(({ port }) => port), expect: 202 },
    {
      measuring: async () => void (before = await look()),
      measured: async () => void (after = await look()),
    },
  );
  const [a, b] = [before!.progress, after!.progress];
  const settled = b.settled - a.settled;
  const accepted = b.accepted - a.accepted;
  return {
    ...measured,
    settledPerSecond: settled === 0 ? 0 : (settled / (b.movedAtMs - a.movedAtMs)) * 1_000,
    growthPerSecond: (accepted - settled) / plan.seconds,
    cpuUs: Object.fromEntries(
      Object.keys(roles).map((name) => [name, (after!.cpu[name]! - before!.cpu[name]!) / accepted]),
    ),
  };
}

/** Notes a run under a name: `<name>.accepted`, `.settled`, `.p99`, `.cpu.<role>` and so on. */
export function note(figures: Figures, name: string, through: Through): void {
  figures.add(`${name}.accepted`, through.perSecond);
  figures.add(`${name}.settled`, through.settledPerSecond);
  figures.add(`${name}.both`, Math.min(through.perSecond, through.settledPerSecond));
  figures.add(`${name}.growth`, through.growthPerSecond);
  figures.add(`${name}.p50`, through.p50);
  figures.add(`${name}.p99`, through.p99);
  for (const [role, us] of Object.entries(through.cpuUs)) figures.add(`${name}.cpu.${role}`, us);
  figures.add(`${name}.cpu.client`, through.clientUs);
}

/** Waits until everybody in an event's line has been served, so that nothing runs beside the next measurement. */
export async function lineEmpty(tixline: Tixline, eventId: number): Promise<void> {
  for (const giveUpAt = performance.now() + 60_000; performance.now() < giveUpAt; await delay(50)) {
    const { accepted, settled } = await tixline.records.progress(eventId);
    if (accepted === settled) return;
  }
  throw new Error(`${tixline.name}: the line of event ${eventId} was not empty after a minute`);
}
