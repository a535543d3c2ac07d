import type { FileLine } from './csv-reader';

/** More differences than this are not told apart any more; about 40 MB of them. */
const MOST_OPEN = 100_000;
const MOST_SHOWN = 10;

/** A line that the ledger says should be there. */
export interface ExpectedLine {
  readonly id: string;
  readonly text: string;
  /** Whether the writer says that it has written it. */
  readonly due: boolean;
}

export interface Difference {
  readonly difference: 'missing' | 'changed' | 'twice' | 'not in the ledger' | 'too many to tell';
  /** Line of the file. */
  readonly line: number | null;
  readonly transaction: string | null;
  readonly text: string;
}

/**
 * Pairs the lines of two streams in nearly the same order. What does not pair at once waits for its partner, so it takes
 * memory for the differences alone: a line too few or too many shifts the rest by one, and no more waits than that.
 */
export class LineMatch {
  /** Expected, not met in the file so far, by text. */
  private readonly owed = new Map<string, ExpectedLine>();
  /** In the file, not met in the ledger so far: the lines of each text. */
  private readonly extra = new Map<string, FileLine[]>();
  private broken = 0;
  private pending = 0;
  /** Pairs found: ledger rows that stand in the file. */
  paired = 0;

  /** Whether the two differ so much that going on is of no use. */
  get hopeless(): boolean {
    return this.owed.size + this.extra.size > MOST_OPEN;
  }

  /** Takes the next of each stream; `undefined` for one that has ended. */
  take(expected: ExpectedLine | undefined, line: FileLine | undefined): void {
    if (expected !== undefined && expected.text === line?.text) {
      this.paired += 1;
      return;
    }
    if (line !== undefined) this.takeLine(line);
    if (expected !== undefined) this.takeExpected(expected, line === undefined);
  }

  /** How much differs, ten of it in the order of the file, and how many rows were not due and are not there. */
  result(): { broken: number; rows: Difference[]; notYetWritten: number } {
    const owedById = new Map([...this.owed.values()].map((owed) => [owed.id, owed]));
    const rows: Difference[] = [];
    for (const [text, lines] of this.extra) {
      if (!text.endsWith('\n') && this.begins(text)) continue;
      const owed = owedById.get(idOf(text));
      if (owed !== undefined) this.owed.delete(owed.text);
      const difference = owed === undefined ? 'not in the ledger' : 'changed';
      for (const { number } of lines)
        rows.push({ difference, line: number, transaction: owed?.id ?? null, text: text.trimEnd() });
    }
    const left = [...this.owed.values()];
    for (const { id, text, due } of left) {
      if (due) rows.push({ difference: 'missing', line: null, transaction: id, text: text.trimEnd() });
    }
    if (this.hopeless)
      rows.unshift({ difference: 'too many to tell', line: null, transaction: null, text: '' });
    return {
      broken: this.broken + rows.length,
      rows: rows.slice(0, MOST_SHOWN),
      notYetWritten: this.pending + left.filter(({ due }) => !due).length,
    };
  }

  /** Whether a line without its end begins a row that is expected: it was being written, or cut off in a crash. */
  private begins(text: string): boolean {
    return [...this.owed.keys()].some((owed) => owed.startsWith(text));
  }

  private takeLine(line: FileLine): void {
    if (this.owed.delete(line.text)) this.paired += 1;
    else this.extra.set(line.text, [...(this.extra.get(line.text) ?? []), line]);
  }

  private takeExpected(expected: ExpectedLine, fileEnded: boolean): void {
    const lines = this.extra.get(expected.text);
    if (lines !== undefined) {
      this.paired += 1;
      if (lines.length === 1) this.extra.delete(expected.text);
      else lines.shift();
    } else if (!fileEnded || this.owed.size < MOST_SHOWN) {
      this.owed.set(expected.text, expected);
    } else if (expected.due) {
      // The file has ended: nothing can pair with it any more, so it need not be kept.
      this.broken += 1;
    } else {
      this.pending += 1;
    }
  }
}

/** The ledger id that a line of the file names: its last field. */
export function idOf(text: string): string {
  return text.trimEnd().split(',').at(-1)!;
}
