import { stat } from 'node:fs/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { LedgerFile } from '../ledger/index';
import { paint, type Page } from './page';
import type { Task } from './task';

interface Rebuilt {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** Writes the ledger's file anew from the database. The same rows give the same bytes; a running server goes on behind them. */
export const ledgerRebuild: Task<object, Rebuilt> = { needs: 'records', work, show };

async function work(tixline: INestApplicationContext): Promise<Rebuilt> {
  const startedAt = performance.now();
  const file = tixline.get(LedgerFile, { strict: false });
  const rows = await file.rebuild();
  const { size } = await stat(file.path);
  return { path: file.path, rows, bytes: size, seconds: Math.round(performance.now() - startedAt) / 1_000 };
}

function show({ path, rows, bytes, seconds }: Rebuilt, page: Page): string {
  const size = `${rows.toLocaleString('en')} rows, ${bytes.toLocaleString('en')} bytes`;
  return `${paint(page, 'green', 'Written anew:')} ${path}\n${size}, in ${seconds.toFixed(1)} s\n`;
}
