import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { entryCode, numberOfEntryCode } from '../../src/shared/entry-code';

const keyOf = (word: string) => createHash('sha256').update(word).digest().subarray(0, 16);
const WORDS_OF_3 = 26 ** 3;

describe('entry codes', () => {
  it.each(['one', 'two'])('all 17,576 of three letters are different and read back (key %s)', (word) => {
    const key = keyOf(word);
    const codes = new Set<string>();
    for (let number = 1; number <= WORDS_OF_3; number += 1) {
      const code = entryCode(key, number, 3);
      const readBack = number % 5 > 0 || numberOfEntryCode(key, code, 3) === number;
      if (!/^[A-Z]{3}$/.test(code) || !readBack) throw new Error(`${number}: ${code}`);
      codes.add(code);
    }
    expect(codes.size).toBe(WORDS_OF_3);
  });

  it('grow by a letter once the shorter words are used up, and stay unique', () => {
    const key = keyOf('growth');
    expect(entryCode(key, WORDS_OF_3, 3)).toHaveLength(3);
    expect(entryCode(key, WORDS_OF_3 + 1, 3)).toHaveLength(4);
    const codes = new Set<string>();
    for (let number = WORDS_OF_3 + 1; number <= WORDS_OF_3 + 2_000; number += 1)
      codes.add(entryCode(key, number, 3));
    expect(codes.size).toBe(2_000);
  });

  it('read back at any length and number, also in small letters and with spaces around', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        fc.integer({ min: 3, max: 6 }),
        fc.integer({ min: 1, max: 2_000_000 }),
        (key, length, number) => {
          const code = entryCode(key, number, length);
          expect(code.length).toBeGreaterThanOrEqual(length);
          expect(numberOfEntryCode(key, ` ${code.toLowerCase()} `, length)).toBe(number);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('mean nothing when they cannot be one of the event', () => {
    const key = keyOf('one');
    for (const code of ['', 'AB', 'A1C', 'ABCDEFGHI', 'ÄBC', '<ab>'])
      expect(numberOfEntryCode(key, code, 3)).toBeUndefined();
    // A word of four letters whose number would have been given three.
    const four = Array.from({ length: 200 }, (_, i) => entryCode(key, i + 1, 4));
    for (const code of four) expect(numberOfEntryCode(key, code, 3)).toBeUndefined();
  });

  it('do not give away the next: neighbours share no more letters than chance has it', () => {
    const key = keyOf('chance');
    let same = 0;
    for (let number = 1; number < 2_000; number += 1) {
      const [a, b] = [entryCode(key, number, 3), entryCode(key, number + 1, 3)];
      same += [0, 1, 2].filter((i) => a[i] === b[i]).length;
    }
    expect(same / (2_000 * 3)).toBeLessThan(1.5 / 26);
    expect(same / (2_000 * 3)).toBeGreaterThan(0.5 / 26);
  });

  it('of two events are two', () => {
    const codes = (word: string) => Array.from({ length: 100 }, (_, i) => entryCode(keyOf(word), i + 1, 3));
    const other = codes('two');
    expect(codes('one').filter((code, i) => code === other[i]).length).toBeLessThan(5);
  });
});
