import { Module, type DynamicModule } from '@nestjs/common';
import { LedgerFile } from './ledger-file';
import { LedgerWriter } from './ledger-writer';

@Module({ providers: [LedgerFile], exports: [LedgerFile] })
export class LedgerModule {
  /** The ledger with the writer that keeps its file up to date: for workers. */
  static withWriter(): DynamicModule {
    return { module: LedgerModule, providers: [LedgerWriter] };
  }
}
