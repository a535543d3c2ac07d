export { createLog } from './pino-logger.js';
