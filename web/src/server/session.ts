import { refresh as askForRefresh } from '../api';
import { note, noted } from './browser-store';
import { Problem } from './problem';
import { oneTabAtATime } from './tab-lock';

export type Role = 'attendee' | 'staff' | 'organizer' | 'admin';

interface Person {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

/** `unknown` until the first refresh has answered. */
export type Session =
  | { readonly state: 'unknown' }
  | { readonly state: 'signed-out' }
  | {
      readonly state: 'signed-in';
      readonly token: string;
      readonly expiresAt: number;
      readonly person: Person;
    };

interface SessionAnswer {
  access_token: string;
  expires_in: number;
  user: Person;
}

// Says only that a refresh cookie probably exists, so that strangers cost the server no refresh call.
const HINT = 'tixline.signed-in';
const UNDER_WAY = 'tixline.refreshing';
const LEFT_BEHIND_MS = 2_000;
const EARLY_MS = 60_000;
const RETRY_MS = 3_000;

let session: Session = { state: 'unknown' };
let refreshing: Promise<boolean> | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();
const tabs = new BroadcastChannel('tixline.session');

/** The session as this tab knows it. The access token lives in memory only. */
export const currentSession = (): Session => session;

/** Calls `listener` at every change of the session; answers how to stop. */
export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Takes over a fresh sign-in and tells the other tabs. */
export function signedIn(answer: SessionAnswer): void {
  const expiresAt = Date.now() + answer.expires_in * 1000;
  adopt({ state: 'signed-in', token: answer.access_token, expiresAt, person: answer.user });
  tellTabs();
}

/** Forgets the session here and in the other tabs. */
export function signedOut(): void {
  adopt({ state: 'signed-out' });
  tellTabs();
}

/** Finds out who is here, once, when the page is loaded. */
export async function restoreSession(): Promise<void> {
  if (noted(HINT) === null) adopt({ state: 'signed-out' });
  else await refreshSession();
}

/**
 * Trades the refresh cookie for a new access token; answers whether somebody is signed in afterwards.
 * The server rotates the cookie and takes a second use of an old one for theft, so calls share one refresh,
 * and tabs take turns: whoever waited finds the token another tab was given and asks for none.
 */
export function refreshSession(): Promise<boolean> {
  refreshing ??= oneTabAtATime('refresh', renew).finally(() => {
    refreshing = undefined;
  });
  return refreshing;
}

async function renew(): Promise<boolean> {
  // A message from the tab that held the lock before may still be on its way. So may the cookie that a page was given
  // which was left in the middle of its refresh.
  const begun = Number(noted(UNDER_WAY));
  const wait = begun > 0 && begun <= Date.now() ? begun + LEFT_BEHIND_MS - Date.now() : 0;
  await new Promise((done) => setTimeout(done, Math.max(0, wait)));
  if (session.state === 'signed-in' && session.expiresAt - Date.now() > EARLY_MS && !stale) return true;
  note(UNDER_WAY, String(Date.now()));
  try {
    // The plain fetch: the client's own would wait for this very refresh. Kept alive, so that leaving the page does not
    // lose the new cookie with the old one already used up.
    const { data } = await askForRefresh({ fetch: (request) => fetch(request, { keepalive: true }) });
    signedIn(data);
  } catch (error) {
    if (error instanceof Problem && (error.status === 401 || error.status === 403)) signedOut();
    // Not reached: whoever was signed in still is. Ask again soon.
    else timer = setTimeout(() => void refreshSession(), RETRY_MS);
  } finally {
    note(UNDER_WAY, null);
  }
  return session.state === 'signed-in' && session.expiresAt > Date.now();
}

let stale = false;

/** Like `refreshSession`, for a token that the server has just refused although it has not expired. */
export async function replaceToken(refused: string): Promise<boolean> {
  if (session.state === 'signed-in' && session.token !== refused) return true;
  stale = true;
  return refreshSession();
}

function adopt(next: Session): void {
  session = next;
  stale = false;
  clearTimeout(timer);
  if (next.state === 'signed-in') {
    note(HINT, '1');
    const wait = next.expiresAt - Date.now() - EARLY_MS - Math.random() * 10_000;
    timer = setTimeout(() => void refreshSession(), Math.max(1_000, wait));
  } else {
    note(HINT, null);
  }
  for (const listener of listeners) listener();
}

function tellTabs(): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel of this site's tabs, not a window
  tabs.postMessage(session);
}

tabs.addEventListener('message', (message: MessageEvent<Session>) => adopt(message.data));
