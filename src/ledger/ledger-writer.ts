import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { LedgerFile } from './ledger-file';

const WRITE_MS = 500;
/** A fault that stays is logged so often, not twice a second. */
const REMIND_MS = 60_000;

/** Keeps the ledger's file up to date while the worker runs. A file that cannot be written never holds up a sale. */
@Injectable()
export class LedgerWriter implements OnApplicationShutdown {
  private readonly log = new Logger('ledger');
  private writing: Promise<void> | undefined;
  private complainedAtMs = 0;

  constructor(private readonly file: LedgerFile) {}

  @Interval('ledger', WRITE_MS)
  write(): Promise<void> {
    this.writing ??= this.catchUp().finally(() => (this.writing = undefined));
    return this.writing;
  }

  /** What the last tick settled is in the file before the process ends: ticks end in an earlier hook than this one. */
  async onApplicationShutdown(): Promise<void> {
    await this.writing;
    await this.catchUp();
  }

  private async catchUp(): Promise<void> {
    try {
      await this.file.catchUp();
      if (this.complainedAtMs > 0) this.log.log(`${this.file.path} is up to date again`);
      this.complainedAtMs = 0;
    } catch (error) {
      if (Date.now() - this.complainedAtMs < REMIND_MS) return;
      this.complainedAtMs = Date.now();
      this.log.warn(
        `${this.file.path} cannot be written, sales go on and it is made up for later: ${(error as Error).message}`,
      );
    }
  }
}
