/** How long people wait for the 202 at a quarter, half and all of capacity, and at half of it for the outcome. */
import { lineEmpty, note, sendThrough, type Through } from './measure.mts';
import { watchOutcomes } from './outcomes.mts';
import type { Stage } from './stage.mts';
import type { Tixline } from './tixline.mts';

export const LEVELS = [25, 50, 100] as const;
const OUTCOME_LEVEL = 50;

export async function latency(stage: Stage): Promise<void> {
  const { rounds } = stage.settings;
  const { figures } = stage;
  const tixline = await stage.embedded();
  const capacity = await capacityOf(stage);
  figures.add('capacity', capacity);
  for (let round = 1; round <= rounds; round += 1) {
    stage.say(`latency, round ${round} of ${rounds}`);
    for (const level of LEVELS) {
      const eventId = await tixline.newEvent();
      const rate = (capacity * level) / 100;
      const through = await sendAt(stage, tixline, eventId, rate);
      note(figures, `at${level}`, through);
      figures.add(`at${level}.behind`, through.mostBehind);
      figures.add(`at${level}.rate`, rate);
      await lineEmpty(tixline, eventId);
    }
    // A run of its own: who watches costs the servers more than who asks.
    const eventId = await tixline.newEvent();
    const outcomes = watchOutcomes(tixline, eventId);
    await sendAt(stage, tixline, eventId, (capacity * OUTCOME_LEVEL) / 100);
    const { p50, p99, watched } = await outcomes.stop();
    figures.add('outcome.p50', p50);
    figures.add('outcome.p99', p99);
    figures.add('outcome.watched', watched);
    await lineEmpty(tixline, eventId);
  }
}

function sendAt(stage: Stage, tixline: Tixline, eventId: number, rate: number): Promise<Through> {
  const { connections, seconds, leadSeconds } = stage.settings;
  const requests = [tixline.prepareAsks(stage.load, eventId)];
  return sendThrough(stage.load, tixline, eventId, { requests, connections, seconds, leadSeconds, rate });
}

/** Requests per second taken in and settled at once: from the contest, or found here when that was left out. */
async function capacityOf(stage: Stage): Promise<number> {
  if (stage.figures.has('embedded.both')) return stage.figures.median('embedded.both');
  const { connections, seconds, leadSeconds } = stage.settings;
  const tixline = await stage.embedded();
  const eventId = await tixline.newEvent();
  const requests = [tixline.prepareAsks(stage.load, eventId)];
  const plan = { requests, connections, seconds, leadSeconds };
  const { perSecond, settledPerSecond } = await sendThrough(stage.load, tixline, eventId, plan);
  await lineEmpty(tixline, eventId);
  return Math.min(perSecond, settledPerSecond);
}
