/**
 * Entry codes: letters that a person can read out at a dark door, unique within an event and hard to guess.
 *
 * A code is the ticket's number seen through a keyed permutation of all words of that length, so uniqueness needs no
 * table, no index and no retry, and knowing some codes does not give the next. The permutation is a four-round Feistel
 * network over SHA-256 with cycle walking (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002).
 */
import { createHmac } from 'node:crypto';

const LETTERS = 26;

/** How many letters the ticket with this number needs: `length`, or more once all shorter words are used up. */
function lengthFor(number: number, length: number): number {
  let letters = length;
  while (number > LETTERS ** letters) letters += 1;
  return letters;
}

/** The entry code of ticket `number` (from 1): `length` capital letters, more when the event has more tickets than words. */
export function entryCode(key: Uint8Array, number: number, length: number): string {
  const letters = lengthFor(number, length);
  let rest = permute(key, number - 1, letters, [0, 1, 2, 3]);
  let code = '';
  for (let i = 0; i < letters; i += 1) {
    code = String.fromCharCode(65 + (rest % LETTERS)) + code;
    rest = Math.floor(rest / LETTERS);
  }
  return code;
}

/** The ticket number that a code stands for, or `undefined` when it cannot be one of this event. */
export function numberOfEntryCode(key: Uint8Array, code: string, length: number): number | undefined {
  const word = code.trim().toUpperCase();
  if (!/^[A-Z]{1,8}$/.test(word) || word.length < length) return undefined;
  let value = 0;
  for (const letter of word) value = value * LETTERS + (letter.charCodeAt(0) - 65);
  const number = permute(key, value, word.length, [3, 2, 1, 0]) + 1;
  return lengthFor(number, length) === word.length ? number : undefined;
}

function permute(key: Uint8Array, value: number, letters: number, rounds: readonly number[]): number {
  const domain = LETTERS ** letters;
  const half = Math.ceil(Math.sqrt(domain));
  const backwards = rounds[0] !== 0;
  let x = value;
  do {
    let left = Math.floor(x / half);
    let right = x % half;
    for (const round of rounds) {
      if (backwards) [left, right] = [(right + half - mix(key, round, left, letters, half)) % half, left];
      else [left, right] = [right, (left + mix(key, round, right, letters, half)) % half];
    }
    x = left * half + right;
    // The network permutes the next larger square; words outside the domain are walked over.
  } while (x >= domain);
  return x;
}

function mix(key: Uint8Array, round: number, value: number, letters: number, half: number): number {
  const digest = createHmac('sha256', key).update(`${letters}.${round}.${value}`).digest();
  return digest.readUInt32BE(0) % half;
}
