import type { Schema } from './routes';

const NOT_NUMBERS = [
  '"1"',
  '" 1 "',
  '1.5',
  '-1',
  '1e309',
  '-1e309',
  '9007199254740993',
  '4294967296',
  'true',
  '[]',
  '[1]',
  '{}',
  '"NaN"',
];
const NOT_STRINGS = ['0', '-1', '1.5', 'true', '[]', '["a"]', '{}', '{"a":1}', '{"toString":1}'];
const NOT_FLAGS = ['"true"', '"on"', '0', '1', '[]', '{}'];
/** What PostgreSQL cannot keep, alone and within: NUL, and half a surrogate pair. */
const UNKEEPABLE = ['"\\u0000"', '"long enough\\u0000, yes"', '"\\ud800"', '"long enough\\udc00, yes"'];

/** Texts that are no RFC 3339 time, though some parser takes each of them. */
export const NOT_TIMES = [
  '',
  'yesterday',
  '2026-02-30T10:00:00Z',
  '2027-05-01T25:00:00Z',
  '2027-13-01T00:00:00Z',
  '2027-05-01',
  '2027',
  '20270501T180000Z',
  '2027-W18-6',
  '2027-W18-6T18:00:00Z',
  '2027-121',
  '2027-121T18:00:00Z',
  '0000-01-01T00:00:00Z',
  '275761-01-01T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '2027-05-01T18:00:00',
  '2027-05-01T18:00:00+99:00',
  '1777658400000',
  '2027-05-01T18:00:00Z; DROP TABLE events',
];

/** JSON texts that a field of this schema must refuse. */
export function badValuesFor(name: string, schema: Schema): string[] {
  const bad: string[] = [];
  if (schema.nullable !== true) bad.push('null');
  if (schema.type === 'number' || schema.type === 'integer') bad.push(...NOT_NUMBERS);
  if (schema.type === 'boolean') bad.push(...NOT_FLAGS);
  if (schema.type === 'array')
    bad.push('"x"', '1', '{}', '[]', '[1]', '["x"]', '[null]', '[[]]', `[${'{},'.repeat(5_000)}{}]`);
  if (schema.type === 'string') {
    bad.push(...NOT_STRINGS, ...UNKEEPABLE);
    if (schema.enum)
      bad.push('"nope"', '""', ...schema.enum.map((word) => JSON.stringify(word.toUpperCase() + ' ')));
    if (schema.maxLength) bad.push(JSON.stringify('x'.repeat(schema.maxLength + 1)));
    if (schema.minLength) bad.push('""');
    if (schema.pattern) bad.push('"  \\t "');
    if (name.endsWith('_at')) bad.push(...NOT_TIMES.map((text) => JSON.stringify(text)));
  }
  return bad;
}

/** Fields that no body has, as JSON members. */
export const UNKNOWN_FIELDS = [
  '"role":"admin"',
  '"tier":"VIP"',
  '"capacity":1000000',
  '"isAdmin":true',
  '"id":1',
  '"user_id":1',
  '"userId":1',
  '"organizer_id":1',
  '"priority":0',
  '"place":1',
  '"position":1',
  '"status":"granted"',
  '"state":"open"',
  '"sold":0',
  '"remaining":1000',
  '"version":1',
  '"code":"EV01"',
  '"createdAt":"2020-01-01T00:00:00Z"',
  '"__proto__":{"role":"admin"}',
  '"constructor":{"prototype":{"role":"admin"}}',
  '"prototype":{}',
  '"toString":"x"',
  '"hasOwnProperty":1',
  '"":1',
  `"${'x'.repeat(10_000)}":1`,
  `"nested":${'['.repeat(10_000)}${']'.repeat(10_000)}`,
];

/** Bodies that are no JSON object. */
export const NO_OBJECTS = [
  'null',
  '[]',
  '[{}]',
  '"x"',
  '1',
  'true',
  '{',
  '{"a"',
  '{"a":',
  '{]',
  "{'a':1}",
  '{"a":1}}',
  '{"a":NaN}',
  '\u0000',
  '['.repeat(30_000),
  '{"a":'.repeat(10_000),
];

/** Path parameters that can be no id of ours. */
export const NO_IDS = [
  '0',
  '-1',
  '1.5',
  '1e3',
  '0x1',
  '%20',
  '%00',
  '%2e%2e%2f',
  '..%5c',
  'null',
  'undefined',
  '[object%20Object]',
  '99999999999999999999',
  "1'%20OR%20'1'='1",
  '00000000-0000-0000-0000-00000000000g',
  '00000000-0000-0000-0000-000000000000',
  '%F0%9F%8E%9F',
  '%E2%80%AE',
  '%0d%0aX-Injected:%201',
  '__proto__',
  'constructor',
  // Another version, another variant, the shape with nothing of ours in it, braces, no hyphens.
  'f47ac10b-58cc-4372-a567-0e02b2c3d479',
  'F47AC10B-58CC-1372-A567-0E02B2C3D479',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '%7Bf47ac10b-58cc-4372-a567-0e02b2c3d479%7D',
  'f47ac10b58cc4372a5670e02b2c3d479',
  'x'.repeat(1_000),
];
