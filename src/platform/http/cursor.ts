import { Problem } from './problem';

/** Rows on a page when the caller does not say. */
export const PAGE = 20;
/** Rows on a page at most. */
export const LARGEST_PAGE = 100;

/** The opaque cursor that stands for the last row of a page, by its sort values. */
export function writeCursor(values: readonly [time: string, id: string]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** A time as PostgreSQL writes it, and an id: what our lists are sorted by. Whether there is such a time it knows best. */
const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads the cursor of a list by time and id; two nulls without one. Throws `Problem` bad-request for one that we did not write. */
export function readCursor(cursor: string | undefined): readonly [time: string | null, id: string | null] {
  if (cursor === undefined || cursor === '') return [null, null];
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(values) && values.length === 2) {
      const [time, id] = values as unknown[];
      if (typeof time === 'string' && typeof id === 'string' && TIME.test(time) && ID.test(id))
        return [time, id];
    }
  } catch {
    // Not JSON: falls through.
  }
  throw new Problem('bad-request', 'The cursor is not one that a list of ours gave. Begin again without it.');
}
