/** Everybody at the same load: accepted and settled per second, one after the other in each round. */
import type { Manner } from './baseline.mts';
import { pairName } from './depth.mts';
import { lineEmpty, note, sendThrough } from './measure.mts';
import { cpuUs } from './processes.mts';
import { LIMIT, type Stage } from './stage.mts';
import type { Tixline } from './tixline.mts';

/** Fewer jobs than this left would not keep all hands of the worker busy. */
const FEW = 50;

export async function contest(stage: Stage): Promise<void> {
  const { rounds, baseline } = stage.settings;
  const embedded = await stage.embedded();
  const apart = await stage.pair(pairName(0));
  const onRedis = stage.hasRedis ? await stage.onRedis() : undefined;
  await stage.limit();
  for (const manner of baseline) await stage.baseline(manner);
  for (let round = 1; round <= rounds; round += 1) {
    stage.say(`contest, round ${round} of ${rounds}`);
    await takeLimit(stage);
    for (const manner of baseline) await takeBaseline(stage, manner);
    await takeTixline(stage, embedded, 'embedded');
    await takeTixline(stage, apart, 'apart');
    if (onRedis) await takeTixline(stage, onRedis, 'redis');
    await takeTixline(stage, embedded, 'keyed');
  }
}

async function takeLimit(stage: Stage): Promise<void> {
  const { connections, seconds, leadSeconds } = stage.settings;
  const limit = await stage.limit();
  const role = { pids: [limit.pid], tree: false };
  const plan = {
    ports: [limit.port],
    requests: [LIMIT.post],
    connections,
    leadSeconds,
    seconds,
    expect: 202,
  };
  const cpu: number[] = [];
  const look = async () => void cpu.push(cpuUs(role));
  const { perSecond, p50, p99, clientUs } = await stage.load.run(plan, { measuring: look, measured: look });
  stage.figures.add('limit.cpu.api', (cpu[1]! - cpu[0]!) / (perSecond * seconds));
  stage.figures.add('limit.accepted', perSecond);
  stage.figures.add('limit.p50', p50);
  stage.figures.add('limit.p99', p99);
  stage.figures.add('limit.cpu.client', clientUs);
}

/** Its rate with its own worker running beside; then, with nobody asking any more, how fast that worker drains the rest. */
async function takeBaseline(stage: Stage, manner: Manner): Promise<void> {
  const { connections, seconds, leadSeconds } = stage.settings;
  const { figures } = stage;
  const baseline = await stage.baseline(manner);
  const settled: { count: number; at: number }[] = [];
  const look = async () => void settled.push({ at: performance.now(), count: await baseline.settled() });
  const plan = {
    ports: [baseline.port],
    requests: [baseline.requests],
    connections,
    leadSeconds,
    seconds,
    expect: 202,
  };
  await look();
  const { perSecond, p50, p99 } = await stage.load.run(plan, { measured: look });
  await look();
  // As long as the backlog may last and no longer: an idle worker would count as a slow one.
  for (const endsAt = performance.now() + seconds * 1_000; performance.now() < endsAt;) {
    await new Promise((wake) => setTimeout(wake, 100));
    if ((await baseline.waiting()) < FEW) break;
    await look();
  }
  const rate = (from: number, to: number) =>
    ((settled[to]!.count - settled[from]!.count) / (settled[to]!.at - settled[from]!.at)) * 1_000;
  figures.add(`baseline.${manner}.accepted`, perSecond);
  figures.add(`baseline.${manner}.p50`, p50);
  figures.add(`baseline.${manner}.p99`, p99);
  figures.add(`baseline.${manner}.settled`, rate(0, 1));
  if (settled.length > 3) figures.add(`baseline.${manner}.drain`, rate(2, settled.length - 1));
  await baseline.empty();
}

async function takeTixline(stage: Stage, tixline: Tixline, name: string): Promise<void> {
  const { connections, seconds, leadSeconds } = stage.settings;
  const keyed = name === 'keyed';
  const eventId = await tixline.newEvent();
  const requests = [tixline.prepareAsks(stage.load, eventId, keyed)];
  const plan = { requests, connections, seconds, leadSeconds, keyed };
  note(stage.figures, name, await sendThrough(stage.load, tixline, eventId, plan));
  await lineEmpty(tixline, eventId);
}
