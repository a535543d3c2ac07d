/**
 * Small notes kept by the browser. Storage may be forbidden or full: then nothing is remembered and nothing breaks.
 * `session` notes live as long as the tab, the others until they are taken away.
 */
const stores = { local: () => window.localStorage, session: () => window.sessionStorage };

type Kind = keyof typeof stores;

/** What was noted under `key`, or `null`. */
export function noted(key: string, kind: Kind = 'local'): string | null {
  try {
    return stores[kind]().getItem(key);
  } catch {
    return null;
  }
}

/** Notes `value` under `key`; `null` takes the note away. */
export function note(key: string, value: string | null, kind: Kind = 'local'): void {
  try {
    if (value === null) stores[kind]().removeItem(key);
    else stores[kind]().setItem(key, value);
  } catch {
    // See above.
  }
}

/** The keys of all lasting notes that begin with `prefix`. */
export function notedKeys(prefix: string): string[] {
  try {
    return Object.keys(window.localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}
