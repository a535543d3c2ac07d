export { Database } from './database';
export { DatabaseModule } from './database.module';
export { isDatabaseAway, isRefusedValue, isRetryable, isUniqueViolation } from './database-errors';
export { EmbeddedPostgresError } from './embedded/index';
