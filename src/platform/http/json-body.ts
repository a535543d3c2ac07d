import { Problem } from './problem';
import { escapePointer } from './schema.pipe';

/** Deeper than any body of ours: what walks a body by recursion would run out of stack long before its end. */
const DEEPEST = 16;

/** Names that every object has from birth: the validator takes them for known fields. */
const INBORN = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);

/** In a pattern of whole code points a surrogate is one without its other half. */
const UNKEEPABLE = /[\0\p{Surrogate}]/u;

/**
 * Reads a JSON body and checks it for what no route can take: no object at the top, deep nesting, field names that belong
 * to the language, and what PostgreSQL cannot keep: NUL, and half a surrogate pair. Throws `Problem` bad-request, invalid-body.
 * Plain `JSON.parse` is safe here: names such as `__proto__` become fields like any other, and are refused as such.
 */
export function readJsonBody(text: string): object {
  const body = parse(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Problem('bad-request', 'The body must be a JSON object.');
  }
  check(body, []);
  return body;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem('bad-request', 'The body is not valid JSON.');
  }
}

/** `path`: the names on the way to `object`. */
function check(object: object, path: readonly string[]): void {
  if (path.length >= DEEPEST) throw fault([], `must not be nested deeper than ${DEEPEST}`);
  for (const [name, member] of Object.entries(object)) {
    if (INBORN.has(name)) throw fault([...path, name], 'is not a known field');
    if (typeof member === 'string') {
      if (UNKEEPABLE.test(member)) throw fault([...path, name], 'must not hold NUL or half a surrogate pair');
    } else if (typeof member === 'object' && member !== null) {
      check(member, [...path, name]);
    }
  }
}

function fault(path: readonly string[], message: string): Problem {
  const pointer = path.map((name) => `/${escapePointer(name)}`).join('');
  return new Problem('invalid-body', undefined, { errors: [{ pointer, message }] });
}
