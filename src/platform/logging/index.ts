export { createLog } from './pino-logger';
