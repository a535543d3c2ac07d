export { LedgerFile } from './ledger-file';
export { LedgerModule } from './ledger.module';
export { Verify, type Finding, type Verification } from './verify';
