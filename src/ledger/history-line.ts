import { tierOf, type Tier } from '../shared/tier';

/** What a client saw of one attempt to ask for tickets. */
export interface Attempt {
  /** Line of the file. */
  readonly line: number;
  readonly user: number;
  readonly key: string | null;
  readonly event: number;
  readonly tier: Tier;
  readonly quantity: number;
  readonly outcome: Outcome;
  /** Of an answered one. */
  readonly request_id: string | null;
  readonly place: number | null;
}

const OUTCOMES = ['answered', 'refused', 'unknown'] as const;
type Outcome = (typeof OUTCOMES)[number];

/** The format, for `tixline verify --help`. */
export const HISTORY_FORMAT = `
A history is a file of JSON lines, one for each attempt to ask for tickets as the client saw it, in any order:
  {"user":17,"key":"9f2c…","event":1,"tier":"VIP","quantity":2,"sent_at":"2026-05-01T10:00:00.120Z",
   "outcome":"answered","status":202,"request_id":"00000110-…","place":118}
  user      id of the buyer (sub of the access token)
  key       the Idempotency-Key; left out for a request without one
  event, tier, quantity   what was asked for; tier is VIP or Regular
  outcome   answered: a 202 arrived, and request_id and place are those of its body
            refused: any other answer below 500, so that nothing was taken in
            unknown: no answer, or one of 500 and above: it may have been taken in, once
  All else (sent_at, status …) is for people and is not looked at.
`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MOST = 2_147_483_647;

/** The attempt that a line tells of, or what is wrong with the line. */
export function readAttempt(text: string, line: number): Attempt | string {
  let given: Record<string, unknown>;
  try {
    given = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return 'not JSON, or cut off';
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return 'not an object';
  const { user, key = null, event, tier, quantity, outcome, request_id: requestId, place } = given;
  if (!isWhole(user)) return 'user is not an id';
  // As the API takes keys; a NUL, which PostgreSQL takes in no text, is no key either.
  if (key !== null && (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)))
    return 'key is not an Idempotency-Key';
  if (!isWhole(event)) return 'event is not an id';
  if (tier !== 'VIP' && tier !== 'Regular') return 'tier is not VIP or Regular';
  if (!isWhole(quantity)) return 'quantity is not a whole number of 1 or more';
  if (!OUTCOMES.includes(outcome as Outcome)) return 'outcome is not answered, refused or unknown';
  const asked = {
    line,
    user,
    key,
    event,
    tier: tierOf(tier),
    quantity,
    outcome: outcome as Outcome,
  };
  if (outcome !== 'answered') return { ...asked, request_id: null, place: null };
  if (typeof requestId !== 'string' || !UUID.test(requestId)) return 'answered, and request_id is not a UUID';
  if (!isWhole(place)) return 'answered, and place is not a whole number of 1 or more';
  return { ...asked, request_id: requestId, place };
}

function isWhole(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MOST;
}
