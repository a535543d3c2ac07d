/** The tables that a person reads. */
import { bars, holds, type Bar } from './bars.mts';
import type { Figures } from './figures.mts';
import { sections } from './sections.mts';
import type { Settings } from './stage.mts';

const colours = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const paint = (code: number, text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
const GREEN = 32;
const RED = 31;
const BOLD = 1;
const FAINT = 2;

/** One line of a table: what it is, and a cell for each column. A cell is a figure's name; '' stays empty. */
export interface Row {
  readonly what: string;
  readonly cells: readonly string[];
}

export interface Section {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly notes?: readonly string[];
  /** Figures after the point. */
  readonly digits?: number;
}

/** Everything that was measured, then the bars. Sections and rows without a figure are left out. */
export function report(figures: Figures, settings: Settings): string {
  const parts = sections(settings)
    .map((section) => print(section, figures))
    .filter((text) => text !== '');
  return [...parts, printBars(bars(figures, settings)), ''].join('\n\n');
}

function print({ title, columns, rows, notes = [], digits }: Section, figures: Figures): string {
  const shown = rows.filter(({ cells }) => cells.some((name) => figures.has(name)));
  if (shown.length === 0) return '';
  const table = [
    ['', ...columns],
    ...shown.map(({ what, cells }) => [what, ...cells.map((name) => cell(figures, name, digits))]),
  ];
  const [head = '', ...body] = align(table);
  return [
    paint(BOLD, title),
    paint(FAINT, head),
    ...body,
    ...notes.map((text) => paint(FAINT, `  ${text}`)),
  ].join('\n');
}

/** What swings about nought has no spread that says anything. */
const WITHOUT_SPREAD = /\.(growth|behind|watched)$/;

/** The median and how far the rounds lie apart. */
function cell(figures: Figures, name: string, digits?: number): string {
  const value = figures.median(name);
  if (!Number.isFinite(value)) return name === '' ? '' : '–';
  const spread = WITHOUT_SPREAD.test(name) ? NaN : figures.spread(name);
  return `${number(value, digits)}${Number.isFinite(spread) ? ` ±${Math.round(spread * 100)}%`.padStart(6) : ''}`;
}

function number(value: number, digits?: number): string {
  const places = digits ?? (Math.abs(value) < 100 ? 1 : 0);
  return value.toLocaleString('en', { minimumFractionDigits: places, maximumFractionDigits: places });
}

function printBars(all: readonly Bar[]): string {
  const rows = all.map((bar) => {
    const held = holds(bar);
    const verdict = held === undefined ? 'not measured' : held ? 'holds' : 'MISSED';
    const limit = bar.least === undefined ? `≤ ${bar.most}` : `≥ ${bar.least}`;
    const value = !Number.isNaN(bar.value) ? number(bar.value, Math.abs(bar.value) < 10 ? 2 : 0) : '–';
    return [bar.what, `${value} ${bar.unit}`, limit, verdict];
  });
  const lines = align([['', 'here', 'bar', ''], ...rows]).map((line, i) => {
    if (i === 0) return paint(FAINT, line);
    const held = holds(all[i - 1]!);
    return held === undefined ? paint(FAINT, line) : paint(held ? GREEN : RED, line);
  });
  const measured = all.map(holds).filter((held) => held !== undefined);
  const missed = measured.filter((held) => !held).length;
  const verdict =
    missed === 0 ? `All ${measured.length} bars hold.` : `${missed} of ${measured.length} bars are missed.`;
  return [paint(BOLD, 'The bars'), ...lines, '', `  ${verdict}`].join('\n');
}

/** Columns under each other: the first to the left, the others to the right. */
function align(table: readonly (readonly string[])[]): string[] {
  const widths = table[0]!.map((_, i) => Math.max(...table.map((row) => row[i]!.length)));
  return table.map((row) =>
    `  ${row.map((text, i) => (i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!))).join('   ')}`.trimEnd(),
  );
}
