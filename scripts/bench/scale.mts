/** One and two API processes, one and two workers, on one PostgreSQL; the client shares its connections out among the APIs. */
import { pairName } from './depth.mts';
import { lineEmpty, note, sendThrough } from './measure.mts';
import { memoryMb } from './processes.mts';
import type { Stage } from './stage.mts';

/** APIs and workers. The first and the last are also part of a quick run. */
export const SHAPES = [
  [1, 1],
  [2, 1],
  [1, 2],
  [2, 2],
] as const;

export const shapeName = ([apis, workers]: readonly [number, number]) => `scale${apis}${workers}`;

export async function scale(stage: Stage): Promise<void> {
  const { rounds, quick, connections, seconds, leadSeconds, warmUpSeconds } = stage.settings;
  const tixline = await stage.pair(pairName(0));
  // The second API stays, idle when it is not its turn. A second worker would not be idle: it comes and goes.
  if (tixline.apis.length < 2) await tixline.addApi();
  for (let round = quick ? 1 : 0; round <= rounds; round += 1) {
    stage.say(round === 0 ? 'scale, warm-up' : `scale, round ${round} of ${rounds}`);
    for (const shape of quick ? [SHAPES[0], SHAPES[3]] : SHAPES) {
      const [apis, workers] = shape;
      while (tixline.workers.length > workers) await tixline.removeWorker();
      while (tixline.workers.length < workers) await tixline.addWorker();
      const eventId = await tixline.newEvent();
      const requests = [tixline.prepareAsks(stage.load, eventId)];
      // A worker that was started just now has everything to compile yet.
      const plan = { apis, requests, connections, seconds, leadSeconds: leadSeconds + warmUpSeconds };
      const through = await sendThrough(stage.load, tixline, eventId, plan);
      await lineEmpty(tixline, eventId);
      if (round === 0) continue;
      note(stage.figures, shapeName(shape), through);
      for (const [role, what] of Object.entries(tixline.roles()))
        stage.figures.add(`${shapeName(shape)}.memory.${role}`, memoryMb(what));
    }
  }
  while (tixline.workers.length > 1) await tixline.removeWorker();
}
