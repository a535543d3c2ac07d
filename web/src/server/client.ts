import { client } from '../api/client.gen';
import { problemFrom } from './problem';
import { currentSession, refreshSession, replaceToken } from './session';
import { learnServerTime } from './server-clock';

/**
 * `fetch` with the bearer token. A token about to expire is renewed first; one that the server refuses is renewed once
 * and the call made again. Safe for every method: a call answered with 401 has changed nothing.
 */
export async function fetchSignedIn(input: Request): Promise<Response> {
  const again = input.clone();
  let session = currentSession();
  if (
    session.state === 'unknown' ||
    (session.state === 'signed-in' && session.expiresAt - Date.now() < 5_000)
  ) {
    await refreshSession();
    session = currentSession();
  }
  if (session.state !== 'signed-in') return fetch(input);
  const response = await fetch(withToken(input, session.token));
  if (response.status !== 401 || !(await replaceToken(session.token))) return response;
  session = currentSession();
  return session.state === 'signed-in' ? fetch(withToken(again, session.token)) : response;
}

function withToken(request: Request, token: string): Request {
  request.headers.set('Authorization', `Bearer ${token}`);
  return request;
}

/** Gives the generated client its base address, the session and one kind of error. Called once, before the first call. */
export function connectClient(): void {
  client.setConfig({
    baseUrl: window.location.origin,
    throwOnError: true,
    fetch: (input) => fetchSignedIn(input instanceof Request ? input : new Request(input)),
  });
  client.interceptors.response.use((response) => {
    learnServerTime(response);
    return response;
  });
  client.interceptors.error.use((error, response) => problemFrom(error, response));
}
