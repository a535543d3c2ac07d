export { Database } from './database.js';
export { DatabaseModule } from './database.module.js';
export { isDatabaseAway, isUniqueViolation } from './database-errors.js';
export { EmbeddedPostgresError } from './embedded/index.js';
