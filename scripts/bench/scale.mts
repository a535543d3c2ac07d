/** One and two API processes, one and two workers, on one PostgreSQL; the client shares its connections out among the APIs. */
import { pairName } from './depth.mts';
import { lineEmpty, note, sendThrough } from './measure.mts';
import { memoryMb } from './processes.mts';
import type { Stage } from './stage.mts';
import type { Tixline } from './tixline.mts';

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
  for (let round = 1; round <= rounds; round += 1) {
    stage.say(`scale, round ${round} of ${rounds}`);
    for (const shape of quick ? [SHAPES[0], SHAPES[3]] : SHAPES) {
      await become(tixline, shape);
      const eventId = await tixline.newEvent();
      const requests = [tixline.prepareAsks(stage.load, eventId)];
      // A process that was started just now has everything to compile yet.
      const plan = { requests, connections, seconds, leadSeconds: leadSeconds + warmUpSeconds };
      note(stage.figures, shapeName(shape), await sendThrough(stage.load, tixline, eventId, plan));
      await lineEmpty(tixline, eventId);
      for (const [role, what] of Object.entries(tixline.roles()))
        stage.figures.add(`${shapeName(shape)}.memory.${role}`, memoryMb(what));
    }
  }
  await become(tixline, [1, 1]);
}

async function become(tixline: Tixline, [apis, workers]: readonly [number, number]): Promise<void> {
  while (tixline.apis.length > apis) await tixline.remove('api');
  while (tixline.workers.length > workers) await tixline.remove('worker');
  while (tixline.apis.length < apis) await tixline.add('api');
  while (tixline.workers.length < workers) await tixline.add('worker');
}
