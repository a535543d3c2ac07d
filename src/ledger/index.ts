export { LedgerFile } from './ledger-file';
export { LedgerModule } from './ledger.module';
export { newestEntries, type NewestEntry } from './newest-entries';
export { Verify, VERIFY_CHECKS, type Finding, type Verification } from './verify';
