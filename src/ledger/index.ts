export { LedgerFile } from './ledger-file';
export { LedgerModule } from './ledger.module';
