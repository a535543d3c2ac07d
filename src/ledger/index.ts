export { LedgerFile } from './ledger-file.js';
export { LedgerModule } from './ledger.module.js';
