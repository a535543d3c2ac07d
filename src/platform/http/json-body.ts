import { Problem } from './problem';
import { escapePointer } from './schema.pipe';

/** Deeper than any body of ours: what walks a body by recursion would run out of stack long before its end. */
const DEEPEST = 16;

/** Names that every object has from birth: the validator takes them for known fields. */
const INBORN = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);

/**
 * Checks a JSON body, once parsed, for what no route can take: no object at the top, deep nesting, field names that
 * belong to the language, and NUL, which PostgreSQL cannot keep. Throws `Problem` bad-request, invalid-body.
 */
export function checkJsonBody(body: unknown): void {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Problem('bad-request', 'The body must be a JSON object.');
  }
  check(body, '', 1);
}

function check(value: unknown, pointer: string, depth: number): void {
  if (typeof value === 'string' && value.includes('\0')) throw fault(pointer, 'must not hold NUL');
  if (typeof value !== 'object' || value === null) return;
  if (depth > DEEPEST) throw fault('', `must not be nested deeper than ${DEEPEST}`);
  for (const [name, member] of Object.entries(value)) {
    const at = `${pointer}/${escapePointer(name)}`;
    if (INBORN.has(name)) throw fault(at, 'is not a known field');
    check(member, at, depth + 1);
  }
}

function fault(pointer: string, message: string): Problem {
  return new Problem('invalid-body', undefined, { errors: [{ pointer, message }] });
}
