import { note, noted, notedKeys } from '../../server/browser-store';

const PREFIX = 'tixline.joined.';
const KEPT_MS = 14 * 86_400_000;

/** How a request began, as far as this browser knows. */
export interface Joining {
  readonly position: number;
  readonly at: number;
  /** False when this browser met the request only later, so that "since you joined" would be wrong. */
  readonly joined: boolean;
  readonly quantity?: number;
}

/** Notes how a request began, for the progress shown while waiting. Old notes are thrown away. */
export function rememberJoining(requestId: string, began: Omit<Joining, 'at'>): void {
  for (const key of notedKeys(PREFIX)) {
    if (Date.now() - (parse(noted(key))?.at ?? 0) > KEPT_MS) note(key, null);
  }
  note(PREFIX + requestId, JSON.stringify({ ...began, at: Date.now() }));
}

/** The note on a request, if there is one. */
export const joiningOf = (requestId: string): Joining | undefined => parse(noted(PREFIX + requestId));

function parse(text: string | null): Joining | undefined {
  if (text === null) return undefined;
  try {
    const found = JSON.parse(text) as Partial<Joining>;
    if (typeof found.position !== 'number' || typeof found.at !== 'number') return undefined;
    const { position, at, quantity } = found;
    return { position, at, joined: found.joined === true, ...(typeof quantity === 'number' && { quantity }) };
  } catch {
    return undefined;
  }
}
