import { useSyncExternalStore } from 'react';
import { currentSession, onSessionChange, type Session } from '../server/session';

/** The session, live. */
export function useSession(): Session {
  return useSyncExternalStore(onSessionChange, currentSession);
}
