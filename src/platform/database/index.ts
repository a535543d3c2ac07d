export { BY_INDEX, Database, POOL_OPTIONS } from './database';
export { deleteInPortions } from './delete-in-portions';
export { DatabaseModule } from './database.module';
export {
  isCheckViolation,
  isDatabaseAway,
  isRefusedValue,
  isRetryable,
  isUniqueViolation,
} from './database-errors';
export { databaseFailure, DatabaseFailure, startFailure } from './database-failure';
export { EmbeddedPostgresError } from './embedded/index';
export { reachDatabase } from './reach';
