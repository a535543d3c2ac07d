import { paint, type Page, type Style } from './page';
import { cut, harmless, pad, widthOf } from './text-width';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string | number | null | undefined;
  readonly align?: 'right';
  /** May be cut short where the page is narrow. */
  readonly flexible?: boolean;
  /** Left out where the page is too narrow for it; the last such column goes first. */
  readonly optional?: boolean;
  readonly style?: (row: Row) => Style | undefined;
}

const GAP = '  ';
const INDENT = '  ';
const LEAST = 8;

/**
 * Rows as aligned columns, each line with its line end. On a narrow page optional columns go first, then flexible ones
 * are cut; where there is no page width nothing is.
 */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], page: Page): string {
  const drawn = columns.map((column) => {
    const cells = rows.map((row) => harmless(String(column.cell(row) ?? '')));
    return { column, cells, width: Math.max(widthOf(column.title), ...cells.map(widthOf)) };
  });
  const total = () => INDENT.length + drawn.reduce((sum, { width }) => sum + width + GAP.length, -GAP.length);
  while (total() > page.width) {
    const last = drawn.findLastIndex(({ column }) => column.optional);
    if (last === -1) break;
    drawn.splice(last, 1);
  }
  while (total() > page.width) {
    const [widest] = drawn.filter(({ column, width }) => column.flexible && width > LEAST).sort((a, b) => b.width - a.width);
    if (widest === undefined) break;
    widest.width -= 1;
  }
  const line = (cellOf: (of: (typeof drawn)[number]) => string) =>
    `${INDENT}${drawn.map(cellOf).join(GAP).trimEnd()}\n`;
  const head = line(({ column, width }) => paint(page, 'dim', pad(cut(column.title, width), width, column.align)));
  const body = rows.map((row, i) =>
    line(({ column, cells, width }) => paint(page, column.style?.(row), pad(cut(cells[i]!, width), width, column.align))),
  );
  return head + body.join('');
}

/** A few facts, one a line: name, value. */
export function facts(pairs: readonly (readonly [name: string, value: string])[], page: Page): string {
  const width = Math.max(...pairs.map(([name]) => widthOf(name)));
  const line = ([name, value]: readonly [string, string]) => `${INDENT}${paint(page, 'dim', pad(name, width))}${GAP}${harmless(value)}\n`;
  return pairs.map(line).join('');
}
