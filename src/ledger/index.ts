export { LedgerFile } from './ledger-file';
export { LedgerModule } from './ledger.module';
export { Verify, VERIFY_CHECKS, type Finding, type Verification } from './verify';
