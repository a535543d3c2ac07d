import type { INestApplicationContext } from '@nestjs/common';
import { LineBoard, someoneWaits } from '../line/index';
import { EventLines, QUEUE_HOME, type QueueHome } from '../platform/queue/index';
import { Tick } from '../settlement/index';
import { waitingIn } from '../shared/position';
import { REGULAR, VIP, type Tier } from '../shared/tier';
import { EXIT, Failure } from './failure';
import type { EventShelf } from '../events/index';
import { findEvents, nameOf } from './find-event';
import { paint, type Page } from './page';
import { table } from './table';
import type { Task } from './task';

interface TickedEvent {
  readonly event_id: number;
  readonly code: string;
  readonly name: string;
  readonly settled: number;
  readonly waiting: number;
  readonly vip_left: number;
  readonly regular_left: number;
  /** Why somebody still waits, where that is known. */
  readonly note: string;
}

interface Ticked {
  readonly settled: number;
  /** Events of which something was settled, or where somebody still waits. */
  readonly events: readonly TickedEvent[];
}

/** One tick of a worker, in this process: what it settles counts as what a server settles. */
export const tick: Task<object, Ticked> = { needs: 'line', work, show };

async function work(tixline: INestApplicationContext): Promise<Ticked> {
  await needQueue(tixline);
  const settled = await tixline.get(Tick, { strict: false }).runByEvent();
  const all = await findEvents(tixline, null);
  const board = tixline.get(LineBoard, { strict: false });
  await board.refresh(all.map(({ id }) => id));
  const events: TickedEvent[] = [];
  for (const event of all) {
    const line = board.peek(event.id);
    const count = settled.get(event.id) ?? 0;
    if (line === undefined || (count === 0 && !someoneWaits(line))) continue;
    const waiting = waitingIn(line.vip) + waitingIn(line.regular);
    const note = waiting === 0 ? '' : await whyWaiting(tixline, event, line);
    const { id, code, name } = event;
    events.push({
      event_id: id,
      code,
      name,
      settled: count,
      waiting,
      vip_left: left(event, VIP),
      regular_left: left(event, REGULAR),
      note,
    });
  }
  return { settled: [...settled.values()].reduce((sum, count) => sum + count, 0), events };
}

/** Throws `Failure` when the queue's store is away: claiming would wait for it for ever. */
export async function needQueue(tixline: INestApplicationContext): Promise<void> {
  const home = tixline.get<QueueHome>(QUEUE_HOME, { strict: false });
  if (await home.ready()) return;
  throw new Failure(
    'queue',
    "The queue's store (REDIS_URL) does not answer. Start it, or put REDIS_URL right.",
    EXIT.unusable,
  );
}

async function whyWaiting(
  tixline: INestApplicationContext,
  { id }: EventShelf,
  { paused, pace }: { paused: boolean; pace: number | null },
): Promise<string> {
  if (paused) return `the line is paused (tixline line resume --event ${id})`;
  if (pace !== null) return `its pace is ${pace} a second`;
  const { claimable, delayed } = await tixline.get(EventLines).waitingJobs(id);
  if (claimable + delayed === 0)
    return `a worker is at it, or the queue lost it (tixline line requeue --event ${id})`;
  return 'they came meanwhile, or are more than one tick can settle';
}

function left({ types }: EventShelf, tier: Tier): number {
  return types.find((type) => type.tier === tier)?.remaining ?? 0;
}

function show({ settled, events }: Ticked, page: Page): string {
  if (events.length === 0) return 'Nobody is waiting: nothing to settle.\n';
  const head = settled === 0 ? 'Settled nothing.' : `Settled ${settled} request${settled === 1 ? '' : 's'}.`;
  const rows = table(
    events,
    [
      { title: 'Event', cell: nameOf, flexible: true },
      { title: 'Settled', cell: (event) => event.settled, align: 'right' },
      { title: 'Waiting', cell: (event) => event.waiting, align: 'right' },
      { title: 'VIP left', cell: (event) => event.vip_left, align: 'right' },
      { title: 'Regular left', cell: (event) => event.regular_left, align: 'right' },
    ],
    page,
  );
  const notes = events
    .filter(({ note }) => note !== '')
    .map((event) => `${event.waiting} wait at ${event.code}: ${event.note}.\n`);
  return `${paint(page, settled > 0 ? 'green' : undefined, head)}\n\n${rows}${notes.length > 0 ? `\n${notes.join('')}` : ''}`;
}
