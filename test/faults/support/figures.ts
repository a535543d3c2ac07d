import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const FOLDER = resolve(__dirname, '../../../tmp/faults');

/** Prints what a test tried and what came of it, and keeps it as JSON below tmp/faults. */
export function tell(name: string, figures: Record<string, unknown>): void {
  mkdirSync(FOLDER, { recursive: true });
  const file = `${FOLDER}/${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.json`;
  writeFileSync(file, `${JSON.stringify({ name, at: new Date().toISOString(), ...figures }, null, 2)}\n`);
  const width = Math.max(...Object.keys(figures).map((key) => key.length));
  const lines = Object.entries(figures).map(([key, value]) => `  ${key.padEnd(width)}  ${word(value)}`);
  // Not console.log, which Jest wraps in the place it was called from.
  process.stdout.write(`\n${name}\n${lines.join('\n')}\n\n`);
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The value below which `share` of the numbers lie. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN);
}
