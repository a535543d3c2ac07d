/** One worker alone with a backlog and nobody asking, beside COPY of as many ticket rows. */
import { setTimeout as delay } from 'node:timers/promises';
import { pairName } from './depth.mts';
import { cpuUs, memoryMb } from './processes.mts';
import { PostgresAlone } from './postgres-alone.mts';
import type { Progress } from './records.mts';
import type { Stage } from './stage.mts';
import { askBody, type Tixline } from './tixline.mts';

const LOOK_MS = 20;

export async function drain(stage: Stage): Promise<void> {
  const { rounds, backlog } = stage.settings;
  const tixline = await stage.pair(pairName(0));
  const postgres = new PostgresAlone(tixline);
  await postgres.prepareCopy(backlog);
  for (let round = 1; round <= rounds; round += 1) {
    stage.say(`drain, round ${round} of ${rounds}`);
    stage.figures.add('copy', await postgres.copy(backlog));
    await settleBacklog(stage, tixline, backlog);
  }
  await postgres.close();
}

async function settleBacklog(stage: Stage, tixline: Tixline, backlog: number): Promise<void> {
  const eventId = await tixline.newEvent();
  await tixline.pause(eventId, true);
  await tixline.records.fill(eventId, backlog);
  const roles = Object.entries(tixline.roles());
  const cpu = () => roles.map(([, role]) => cpuUs(role));
  const before = cpu();
  await tixline.pause(eventId, false);
  // The line was filled behind the queue's back. A permit says up to which place may be settled, so that of one more
  // request of each tier stands for all before it.
  for (const nth of [0, 1])
    await tixline.http.post('/api/ticket-requests', askBody(eventId, nth), tixline.buyers[nth]!.token);
  let first: Progress | undefined;
  let memory = 0;
  for (;;) {
    const now = await tixline.records.progress(eventId);
    if (now.settled > 0) first ??= now;
    memory = Math.max(memory, memoryMb(tixline.roles().worker!));
    if (now.settled >= backlog) {
      const ms = now.movedAtMs - first!.movedAtMs;
      stage.figures.add('drain', ((now.settled - first!.settled) / ms) * 1_000);
      break;
    }
    await delay(LOOK_MS);
  }
  stage.figures.add('drain.memory.worker', memory);
  cpu().forEach((us, i) => stage.figures.add(`drain.cpu.${roles[i]![0]}`, (us - before[i]!) / backlog));
}
