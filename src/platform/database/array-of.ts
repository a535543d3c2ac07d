/**
 * An array as PostgreSQL reads it, of values that need no quotes: numbers, hexadecimal digits, ids, words of an enum.
 * `pg` would look through each for quotes and backslashes, which costs more than all else it does with a group of requests.
 */
export function arrayOf(values: readonly (number | string | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}
