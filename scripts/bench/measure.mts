/** One run of load at a Tixline, with what happens behind the answers meanwhile. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Figures } from './figures.mts';
import type { Load, LoadClient, Measured } from './load.mts';
import { cpuUs } from './processes.mts';
import type { Tixline } from './tixline.mts';

const LOOK_MS = 50;

export interface Through extends Measured {
  /** Requests settled per second, while others were accepted. */
  readonly settledPerSecond: number;
  /** By how many requests the line grew in a second. */
  readonly growthPerSecond: number;
  /** CPU of each role for one accepted request, in µs. */
  readonly cpuUs: Record<string, number>;
}

interface Look {
  readonly atMs: number;
  readonly accepted: number;
  readonly settled: number;
}

/**
 * Sends an event's requests through and watches its line and its processes in the measured time. `apis` is how many of
 * its API processes get some, all when it is not given.
 */
export async function sendThrough(
  load: LoadClient,
  tixline: Tixline,
  eventId: number,
  { apis = tixline.apis.length, ...plan }: Omit<Load, 'ports' | 'expect'> & { readonly apis?: number },
): Promise<Through> {
  const roles = Object.entries(tixline.roles());
  const cpu = () => roles.map(([, role]) => cpuUs(role));
  const looks: Look[] = [];
  const look = async () => {
    const { accepted, settled } = await tixline.records.progress(eventId);
    looks.push({ atMs: performance.now(), accepted, settled });
  };
  let cpuBefore: number[] = [];
  let cpuAfter: number[] = [];
  let over = false;
  const measured = await load.run(
    { ...plan, ports: tixline.apis.slice(0, apis).map(({ port }) => port), expect: 202 },
    {
      async measuring() {
        cpuBefore = cpu();
        for (; !over; await delay(LOOK_MS)) await look();
      },
      async measured() {
        over = true;
        cpuAfter = cpu();
        await look();
      },
    },
  );
  const accepted = looks.at(-1)!.accepted - looks[0]!.accepted;
  return {
    ...measured,
    settledPerSecond: slope(looks, ({ settled }) => settled),
    growthPerSecond: slope(looks, (at) => at.accepted - at.settled),
    cpuUs: Object.fromEntries(roles.map(([name], i) => [name, (cpuAfter[i]! - cpuBefore[i]!) / accepted])),
  };
}

/**
 * How much a number grows in a second: the straight line nearest to all looks. Settlements come in ticks, and the difference of
 * first and last look would be wrong by up to a whole tick.
 */
function slope(looks: readonly Look[], of: (look: Look) => number): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanMs = mean(looks.map(({ atMs }) => atMs));
  const meanValue = mean(looks.map(of));
  let above = 0;
  let below = 0;
  for (const look of looks) {
    above += (look.atMs - meanMs) * (of(look) - meanValue);
    below += (look.atMs - meanMs) ** 2;
  }
  return (above / below) * 1_000;
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
  for (const giveUpAt = performance.now() + 60_000; performance.now() < giveUpAt; await delay(LOOK_MS)) {
    const { accepted, settled } = await tixline.records.progress(eventId);
    if (accepted === settled) return;
  }
  throw new Error(`${tixline.name}: the line of event ${eventId} was not empty after a minute`);
}
