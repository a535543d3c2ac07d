const PREFIX = 'tixline.joined.';
const KEPT_MS = 14 * 86_400_000;

interface Joining {
  readonly position: number;
  readonly at: number;
  /** False when this browser met the request only later, so that "since joining" would be wrong. */
  readonly joined: boolean;
}

/** Notes at which position a request began, for the progress shown while waiting. Older notes are thrown away. */
export function rememberJoining(requestId: string, position: number, joined = true): void {
  const note: Joining = { position, at: Date.now(), joined };
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(PREFIX) && Date.now() - (parse(localStorage.getItem(key))?.at ?? 0) > KEPT_MS) {
        localStorage.removeItem(key);
      }
    }
    localStorage.setItem(PREFIX + requestId, JSON.stringify(note));
  } catch {
    // No storage (private window, full): the page does without progress.
  }
}

/** Where the request began, as far as this browser knows. */
export function joiningOf(requestId: string): Joining | undefined {
  try {
    return parse(localStorage.getItem(PREFIX + requestId));
  } catch {
    return undefined;
  }
}

function parse(text: string | null): Joining | undefined {
  if (text === null) return undefined;
  try {
    const note = JSON.parse(text) as Partial<Joining>;
    if (typeof note.position !== 'number' || typeof note.at !== 'number') return undefined;
    return { position: note.position, at: note.at, joined: note.joined === true };
  } catch {
    return undefined;
  }
}
