export {
  createQueueHome,
  type HomeQueue,
  type HomeWorker,
  type QueueHome,
  type QueueHomeOptions,
  type QueueStore,
} from './queue-home.js';
export { QUEUE_POOL_OPTIONS } from './postgres-home.js';
export type { QueueLog } from './outage.js';
export { EventLines, type EventLinesOptions, type WaitingJobs } from './event-lines.js';
export type { ClaimLimits } from './event-line.js';
export type { ClaimedPermit, Permit, PermitData } from './permit.js';
export { QUEUE_HOME, QueueModule } from './queue.module.js';
