/** The same with nobody, many and very many waiting: what an accept and a poll cost, and what memory the line takes. */
import { cpuUs, memoryMb } from './processes.mts';
import { LIMIT, type Stage } from './stage.mts';
import { note, sendThrough, type Through } from './measure.mts';
import type { Tixline } from './tixline.mts';

interface Line {
  readonly depth: number;
  readonly tixline: Tixline;
  readonly eventId: number;
}

interface Polled {
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
  readonly 'cpu.api': number;
}

/** The name of a server with so many waiting; the one with nobody also serves the other parts. */
export const pairName = (depth: number) => `Tixline, ${depth} waiting`;

export async function depth(stage: Stage): Promise<void> {
  const { rounds, depths } = stage.settings;
  await stage.limit();
  const lines: Line[] = [];
  for (const depth of depths) lines.push(await prepare(stage, depth));
  for (let round = 1; round <= rounds; round += 1) {
    stage.say(`depth, round ${round} of ${rounds}`);
    for (const line of lines) noteAccept(stage, line.depth, await accept(stage, line));
    await pollLimit(stage);
    for (const line of lines)
      for (const [name, value] of Object.entries(await poll(stage, line)))
        stage.figures.add(`poll${line.depth}.${name}`, value);
  }
  for (const { depth, tixline } of lines)
    for (const [role, what] of Object.entries(tixline.roles()))
      stage.figures.add(`depth${depth}.memory.${role}`, memoryMb(what));
}

/**
 * A server with a paused line of so many. Before and after they get in line the same polls run, and what the API has grown by
 * in between is what they take; with nobody, it is what chance makes of it.
 */
async function prepare(stage: Stage, depth: number): Promise<Line> {
  const { figures } = stage;
  const tixline = await stage.pair(pairName(depth));
  const eventId = await tixline.newEvent();
  await tixline.pause(eventId, true);
  const line = { depth, tixline, eventId };
  await accept(stage, line);
  await poll(stage, line);
  const memoryBefore = memoryMb(tixline.roles().api!);
  const diskBefore = await tixline.records.requestBytes();
  if (depth > 0) {
    stage.say(`${depth.toLocaleString('en')} people get in line …`);
    await tixline.records.fill(eventId, depth);
    figures.add(`depth${depth}.disk`, ((await tixline.records.requestBytes()) - diskBefore) / depth);
    // The API reads its board twice a second; until then it knows nothing of them.
    await new Promise((wake) => setTimeout(wake, 1_000));
  }
  await poll(stage, line);
  figures.add(`depth${depth}.grown`, memoryMb(tixline.roles().api!) - memoryBefore);
  return line;
}

async function accept(stage: Stage, { tixline, eventId }: Line): Promise<Through> {
  const { connections, seconds, leadSeconds } = stage.settings;
  const requests = [tixline.prepareAsks(stage.load, eventId)];
  const plan = { requests, connections, seconds, leadSeconds };
  return sendThrough(stage.load, tixline, eventId, plan);
}

function noteAccept({ figures }: Stage, depth: number, through: Through): void {
  note(figures, `depth${depth}`, through);
  const { api = NaN, worker = NaN, postgres = NaN } = through.cpuUs;
  figures.add(`depth${depth}.cost`, api + worker + postgres);
}

async function poll(stage: Stage, { tixline, eventId }: Line): Promise<Polled> {
  const { connections, seconds, leadSeconds } = stage.settings;
  const requests = [await tixline.preparePolls(stage.load, eventId)];
  const ports = [tixline.apis[0]!.port];
  const { api } = tixline.roles();
  let before = 0;
  let after = 0;
  const { perSecond, p50, p99 } = await stage.load.run(
    { ports, requests, connections, seconds, leadSeconds, expect: 200 },
    {
      measuring: async () => void (before = cpuUs(api!)),
      measured: async () => void (after = cpuUs(api!)),
    },
  );
  return { rate: perSecond, p50, p99, 'cpu.api': (after - before) / (perSecond * seconds) };
}

async function pollLimit(stage: Stage): Promise<void> {
  const { connections, seconds, leadSeconds } = stage.settings;
  const limit = await stage.limit();
  const plan = { ports: [limit.port], requests: [LIMIT.get], connections, seconds, leadSeconds, expect: 200 };
  const cpu: number[] = [];
  const look = async () => void cpu.push(cpuUs({ pids: [limit.pid], tree: false }));
  const { perSecond, p50, p99 } = await stage.load.run(plan, { measuring: look, measured: look });
  const { figures } = stage;
  figures.add('limit.get.rate', perSecond);
  figures.add('limit.get.p50', p50);
  figures.add('limit.get.p99', p99);
  figures.add('limit.get.cpu.api', (cpu[1]! - cpu[0]!) / (perSecond * seconds));
}
