import type { QueueOptions, WorkerOptions } from 'bullmq';
import type { QueueHomeOptions } from './queue-home';

export type HomeSettings = Required<QueueHomeOptions>;

/**
 * How often a permit may come back from a worker that died holding it before it is set aside: one that kills every
 * worker must not do so for ever. Setting aside loses nothing, the record of who waits is not in the queue.
 */
const MAX_STALLED_COUNT = 5;

/** Nobody reads BullMQ's event streams here; left at its 10,000 they would take about a megabyte per line. */
export const queueSettings: Omit<QueueOptions, 'connection'> = { streams: { events: { maxLen: 100 } } };

/** The options that must be given to the worker and to the backend behind it, which puts them into its commands. */
export function workerSettings(settings: HomeSettings): Omit<WorkerOptions, 'connection'> {
  return {
    autorun: false,
    lockDuration: settings.lockDurationMs,
    stalledInterval: settings.stalledIntervalMs,
    maxStalledCount: MAX_STALLED_COUNT,
  };
}
