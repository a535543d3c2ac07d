export { createLog } from './pino-logger';
export { Outage, type OutageLog } from './outage';
