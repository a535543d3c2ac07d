import { InvalidArgumentError, Option } from 'commander';
import type { TierName } from '../shared/tier';

/** A whole number between two others; wrong usage when it is not. */
export function whole(least: number, most: number): (word: string) => number {
  return (word) => {
    const number = Number(word);
    if (!/^\d+$/.test(word) || number < least || number > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}

const anEvent = whole(1, 16_777_215);

export function aTier(word: string): TierName {
  const tier = ({ vip: 'VIP', regular: 'Regular' } as const)[word.toLowerCase()];
  if (tier === undefined) throw new InvalidArgumentError('It must be VIP or Regular.');
  return tier;
}

/** `--event <id>`, with a default or without. */
export function eventOption(text: string, standard?: number): Option {
  const option = new Option('-e, --event <id>', text).argParser(anEvent);
  return standard === undefined ? option : option.default(standard);
}

export const jsonOption = () => new Option('--json', 'print the answer as JSON');
