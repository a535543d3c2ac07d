import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { COLUMNS, csvLines, HEADER, safeCell } from '../../src/ledger/csv-format';
import { anyName, asUtf8, ledgerRow } from '../support/ledger-rows';

describe('ledger rows as CSV', () => {
  it('read back as they were written, one line each, whatever people are called', () => {
    fc.assert(
      fc.property(fc.array(ledgerRow, { maxLength: 20 }), (rows) => {
        const text = HEADER + csvLines(rows);
        const records = parse<Record<string, string>>(text, {
          columns: true,
          skip_empty_lines: false,
          trim: false,
        });
        expect(text.split('\n')).toHaveLength(rows.length + 2);
        expect(records.map((record) => Object.values(record))).toEqual(
          // The parser goes by way of UTF-8, which has no half surrogate pairs.
          rows.map((each) => [
            each.at.toISOString(),
            asUtf8(safeCell(each.user_name)),
            asUtf8(safeCell(each.user_email)),
            each.tier === 1 ? 'VIP' : 'Regular',
            each.request_id,
            each.status,
            each.reason ?? '',
            String(each.event_id),
            String(each.quantity),
            String(each.unit_price_cents),
            each.currency,
            each.id,
          ]),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('give the same bytes for the same rows, and nothing for none', () => {
    fc.assert(
      fc.property(fc.array(ledgerRow, { maxLength: 5 }), (rows) =>
        expect(csvLines(rows)).toBe(csvLines(rows)),
      ),
    );
    expect(csvLines([])).toBe('');
    expect(HEADER).toBe(`${COLUMNS.join(',')}\n`);
  });

  it('split anywhere are the same as written at once', () => {
    fc.assert(
      fc.property(fc.array(ledgerRow, { maxLength: 10 }), fc.nat(10), (rows, at) => {
        expect(csvLines(rows.slice(0, at)) + csvLines(rows.slice(at))).toBe(csvLines(rows));
      }),
    );
  });
});

describe('one cell', () => {
  it.each([
    [`x;=cmd|'/c calc'!A1;y`, `x;'=cmd|'/c calc'!A1;y`],
    ['Ada; +1', "Ada; '+1"],
    ['a|@b', "a|'@b"],
    ['=1+1', "'=1+1"],
    ['+49 30 1234', "'+49 30 1234"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "\t'=1"],
    ['\r\n=1', " '=1"],
    ['\uFF1D1', "'\uFF1D1"],
    ['\uFF0B1', "'\uFF0B1"],
    ['\uFF0D1', "'\uFF0D1"],
    ['\uFF20a', "'\uFF20a"],
    ['a\0b', 'a b'],
    ['Anne-Marie O’Neill, Jr.', 'Anne-Marie O’Neill, Jr.'],
    ['first.last+tag@example.org', 'first.last+tag@example.org'],
  ])('of %s is %s', (text, cell) => expect(safeCell(text)).toBe(cell));

  it('never begins like a formula, never ends its line, and keeps everything else', () => {
    fc.assert(
      fc.property(anyName, (text) => {
        const cell = safeCell(text);
        // Nor do its parts, for a reader who takes something else than a comma for the end of a cell.
        for (const part of cell.split(/[;,|\t]/))
          expect(part).not.toMatch(/^\s*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/u);
        expect(cell).not.toMatch(/[\r\n\0\u2028\u2029]/u);
        const oneLine = text.replace(/[\r\n\0\u2028\u2029]+/gu, ' ');
        expect(cell.replaceAll("'", '')).toBe(oneLine.replaceAll("'", ''));
      }),
      { numRuns: 1_000 },
    );
  });
});
