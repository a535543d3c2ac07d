import type { INestApplicationContext } from '@nestjs/common';
import { Line, LineBoard, someoneWaits, type EventBoard } from '../line/index';
import { EventLines } from '../platform/queue/index';
import { waitingIn, type TierLine } from '../shared/position';
import type { EventShelf } from '../events/index';
import { findEvent, findEvents, nameOf, onlyEvent } from './find-event';
import type { Page } from './page';
import { table } from './table';
import type { Task } from './task';
import { needQueue } from './tick.command';

interface Options {
  readonly event?: number;
}

interface TierNumbers {
  readonly last_place: number;
  readonly served_place: number;
  readonly waiting: number;
}

/** As GET /api/events/:id/line answers, but for the rate, which one look cannot tell. */
interface EventLineNumbers {
  readonly event_id: number;
  readonly code: string;
  readonly name: string;
  readonly vip: TierNumbers;
  readonly regular: TierNumbers;
  readonly settled: number;
  readonly pace: number | null;
  readonly paused: boolean;
  /** Permits that wait in the queue; null while paused, when nobody waits or when its store is away. */
  readonly permits: number | null;
  readonly updated_at: string;
}

interface Lines {
  readonly lines: readonly EventLineNumbers[];
  /** What was done, in words. */
  readonly done?: string;
  /** Requests put back in line. */
  readonly requeued?: number;
}

export const lineShow: Task<Options, Lines> = {
  needs: 'line',
  show,
  work: async (tixline, { event }) => ({ lines: await numbers(tixline, await chosen(tixline, event)) }),
};

export const linePause = steering(true, 'Paused: everybody keeps their place, and requests are still taken.');
export const lineResume = steering(false, 'Goes on with the next tick.');

export const lineRequeue: Task<Options, Lines> = {
  needs: 'line',
  show,
  work: async (tixline, { event }) => {
    await needQueue(tixline);
    const events = await chosen(tixline, event);
    const line = tixline.get(Line, { strict: false });
    const board = tixline.get(LineBoard, { strict: false });
    await board.refresh(events.map(({ id }) => id));
    // A pause that the queue's store kept and the database knows nothing of would hold the permits back for good.
    for (const { id } of events)
      if (board.peek(id)?.paused === false) await tixline.get(EventLines).resume(id);
    const requeued = await line.requeue(await line.due(events.map(({ id }) => id)));
    const done =
      requeued === 0
        ? 'Nobody waits: nothing to put back.'
        : `${requeued} request${requeued === 1 ? ' is' : 's are'} back in line.`;
    return { done, requeued, lines: await numbers(tixline, events) };
  },
};

function steering(paused: boolean, done: string): Task<Options, Lines> {
  return {
    needs: 'line',
    show,
    work: async (tixline, { event }) => {
      const found = event === undefined ? await onlyEvent(tixline) : await findEvent(tixline, event);
      await tixline.get(Line, { strict: false }).steer(found.id, { paused });
      return { done, lines: await numbers(tixline, [found]) };
    },
  };
}

/** The event named, or all of them. */
async function chosen(tixline: INestApplicationContext, event: number | undefined): Promise<EventShelf[]> {
  if (event !== undefined) return [await findEvent(tixline, event)];
  const events = await findEvents(tixline, null);
  return events.length > 0 ? events : [await findEvent(tixline, 1)];
}

async function numbers(
  tixline: INestApplicationContext,
  events: readonly EventShelf[],
): Promise<EventLineNumbers[]> {
  const board = tixline.get(LineBoard, { strict: false });
  await board.refresh(events.map(({ id }) => id));
  const lines: EventLineNumbers[] = [];
  for (const { id, code, name } of events) {
    const line = board.peek(id);
    if (line === undefined) continue;
    lines.push({
      event_id: id,
      code,
      name,
      vip: tierNumbers(line.vip),
      regular: tierNumbers(line.regular),
      settled: line.settled,
      pace: line.pace,
      paused: line.paused,
      permits: await permits(tixline, line),
      updated_at: new Date(line.changedAtMs).toISOString(),
    });
  }
  return lines;
}

async function permits(tixline: INestApplicationContext, board: EventBoard): Promise<number | null> {
  if (board.paused || !someoneWaits(board)) return null;
  const jobs = await tixline
    .get(EventLines)
    .waitingJobs(board.eventId)
    .catch(() => null);
  return jobs && jobs.claimable + jobs.delayed;
}

function tierNumbers(line: TierLine): TierNumbers {
  return { last_place: line.lastPlace, served_place: line.servedPlace, waiting: waitingIn(line) };
}

function show({ lines, done }: Lines, page: Page): string {
  const rows = table(
    lines,
    [
      { title: 'Event', cell: nameOf, flexible: true },
      { title: 'Line', cell: stateOf, style: ({ paused }) => (paused ? 'yellow' : undefined) },
      { title: 'VIP waiting', cell: ({ vip }) => vip.waiting, align: 'right' },
      { title: 'Regular waiting', cell: ({ regular }) => regular.waiting, align: 'right' },
      { title: 'Settled', cell: ({ settled }) => settled, align: 'right' },
      { title: 'Served (VIP, Regular)', cell: servedOf, align: 'right', optional: true },
      { title: 'Permits', cell: (line) => line.permits ?? '–', align: 'right', optional: true },
    ],
    page,
  );
  return (done === undefined ? '' : `${done}\n\n`) + rows;
}

function stateOf({ paused, pace }: EventLineNumbers): string {
  if (paused) return 'paused';
  return pace === null ? 'running' : `${pace} a second`;
}

function servedOf({ vip, regular }: EventLineNumbers): string {
  return `${vip.served_place} of ${vip.last_place}, ${regular.served_place} of ${regular.last_place}`;
}
