export { LedgerFile } from './ledger-file';
export { LedgerModule } from './ledger.module';
export { newestEntries, type NewestEntry } from './newest-entries';
export { HISTORY_FORMAT } from './history-line';
export { Verify, VERIFY_CHECKS, type Verification } from './verify';
export { type Finding } from './verify-check';
export { HISTORY_CHECKS } from './verify-history';
