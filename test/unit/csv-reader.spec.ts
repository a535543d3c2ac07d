import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { csvLines, HEADER } from '../../src/ledger/csv-format';
import { CsvReader, type FileLine } from '../../src/ledger/csv-reader';
import { asUtf8, ledgerRow } from '../support/ledger-rows';

const CHUNK_BYTES = 1 << 18;

describe('a file read line by line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tixline-csv-'));
  const path = join(folder, 'lines.csv');
  afterAll(() => rmSync(folder, { recursive: true }));

  async function read(bytes: Buffer): Promise<FileLine[]> {
    writeFileSync(path, bytes);
    const reader = (await CsvReader.open(path))!;
    const lines: FileLine[] = [];
    for (let line = await reader.next(); line !== undefined; line = await reader.next()) lines.push(line);
    await reader.close();
    return lines;
  }

  it('gives what was written, whatever people are called', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(ledgerRow, { maxLength: 20 }), async (rows) => {
        const lines = await read(Buffer.from(HEADER + csvLines(rows)));
        const expected = [HEADER, ...rows.map((row) => asUtf8(csvLines([row])))];
        expect(lines).toEqual(expected.map((text, i) => ({ text, number: i + 1 })));
      }),
    );
  });

  it('gives every line whole wherever its letters fall between two chunks, and the last without its end', async () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'ß', '€', '🎟', '\r', '"', '\0', '\u2028') });
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 8 }), word, fc.nat(12), async (words, last, before) => {
        const texts = ['x'.repeat(CHUNK_BYTES - before), ...words].map((text) => `${text}\n`);
        if (last !== '') texts.push(last);
        const lines = await read(Buffer.from(texts.join('')));
        expect(lines).toEqual(texts.map((text, i) => ({ text, number: i + 1 })));
      }),
      { numRuns: 50 },
    );
  });

  it('that is not there is no file, and an empty one has no line', async () => {
    expect(await CsvReader.open(join(folder, 'nothing.csv'))).toBeUndefined();
    expect(await read(Buffer.alloc(0))).toEqual([]);
  });
});
