import { Module, type DynamicModule } from '@nestjs/common';
import { LedgerFile } from './ledger-file';
import { LedgerWriter } from './ledger-writer';
import { Verify } from './verify';

@Module({ providers: [LedgerFile, Verify], exports: [LedgerFile, Verify] })
export class LedgerModule {
  /** The ledger with the writer that keeps its file up to date: for workers. */
  static withWriter(): DynamicModule {
    return { module: LedgerModule, providers: [LedgerWriter] };
  }
}
