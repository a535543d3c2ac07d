export { Database, POOL_OPTIONS } from './database';
export { DatabaseModule } from './database.module';
export { isDatabaseAway, isCheckViolation, isUniqueViolation } from './database-errors';
export { EmbeddedPostgresError } from './embedded/index';
