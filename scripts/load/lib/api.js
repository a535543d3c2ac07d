/** Calls of Tixline's API as a patient client makes them. */
import http from 'k6/http';
import { setTimeout } from 'k6/timers';
import { toldToComeBack, unexpected } from './metrics.js';
import { BASE_URL } from './settings.js';

/** Unexpected answers that each VU writes to the log. */
const MOST_LOGGED = 3;
let logged = 0;

/** Resolves after so many milliseconds, and leaves the VU free for others meanwhile. */
export function pause(ms) {
  return new Promise((wake) => setTimeout(wake, ms));
}

/**
 * Sends a request and answers k6's response. 429 and 503 say when to come back, and it does, as often as it takes: give
 * what changes something a `key`. An expired token of `as` (see people.js) is renewed once.
 * `name` tags the request; `expect` are the statuses that are no failure.
 */
export async function call(method, path, { as, body, key, name, tags = {}, expect = [200] }) {
  let mayRenew = as?.renew !== undefined;
  for (;;) {
    const headers = {};
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (as !== undefined) headers.Authorization = `Bearer ${as.token}`;
    if (key !== undefined) headers['Idempotency-Key'] = key;
    const answer = await http.asyncRequest(
      method,
      `${BASE_URL}${path}`,
      body === undefined ? null : JSON.stringify(body),
      { headers, tags: { name, ...tags }, responseCallback: http.expectedStatuses(...expect) },
    );
    if (answer.status === 401 && mayRenew) {
      mayRenew = false;
      await as.renew();
    } else if (isComeBack(answer)) {
      toldToComeBack.add(1);
      await pause(Number(answer.headers['Retry-After'] || 1) * 1000);
    } else return answer;
  }
}

function isComeBack({ status, body }) {
  return status === 429 || status === 503 || (status === 409 && String(body).includes('"key-in-use"'));
}

/** Counts an answer that nobody should get, and writes the first few to the log. */
export function noteUnexpected(what, { status, body, error }) {
  unexpected.add(1);
  logged += 1;
  if (logged <= MOST_LOGGED) console.error(`${what}: ${status} ${body || error || ''}`.trim());
}
