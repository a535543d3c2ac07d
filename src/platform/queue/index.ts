export {
  createQueueHome,
  type HomeQueue,
  type HomeWorker,
  type QueueHome,
  type QueueHomeOptions,
  type QueueStore,
} from './queue-home';
export type { QueueLog } from './outage';
export { EventLines, type EventLinesOptions, type WaitingJobs } from './event-lines';
export type { ClaimLimits } from './event-line';
export type { ClaimedPermit, Permit, PermitData } from './permit';
export { QUEUE_HOME, QueueModule } from './queue.module';
