import { note, noted } from '../../server/browser-store';
import { newKey } from './new-key';

const OPEN = 'tixline.asking';

/**
 * The Idempotency-Key for a wish: the one it was sent with before when no clear answer has come yet, even if the page was
 * loaded again meanwhile; a new one otherwise.
 */
export function keyFor(wish: object): string {
  const words = JSON.stringify(wish);
  const [before, key] = (noted(OPEN, 'session') ?? '').split('\n');
  if (before === words && key) return key;
  const fresh = newKey();
  note(OPEN, `${words}\n${fresh}`, 'session');
  return fresh;
}

/** The wish has been answered: the next one, though it be the same, is another. */
export const answered = (): void => note(OPEN, null, 'session');
