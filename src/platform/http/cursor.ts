import { Problem } from './problem';

/** Rows on a page when the caller does not say. */
export const PAGE = 20;
/** Rows on a page at most. */
export const LARGEST_PAGE = 100;

/** The opaque cursor that stands for the last row of a page, by its sort values. */
export function writeCursor(values: readonly string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** Reads a cursor of `count` values. Throws `Problem` bad-request for one that we did not write. */
export function readCursor(cursor: string | undefined, count: number): readonly (string | null)[] {
  if (cursor === undefined || cursor === '') return Array<null>(count).fill(null);
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const isOurs =
      Array.isArray(values) && values.length === count && values.every((value) => typeof value === 'string');
    if (isOurs) return values;
  } catch {
    // Not JSON: falls through.
  }
  throw new Problem('bad-request', 'The cursor is not one that a list of ours gave. Begin again without it.');
}
