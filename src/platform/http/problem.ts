/**
 * Refusals: everything the API declines to do, as RFC 9457 problem details from one catalogue.
 * (An outcome such as "sold out" is an answer, not a problem; a defect is a 500 with nothing inside.)
 */

interface Entry {
  readonly status: number;
  readonly title: string;
}

export const CATALOGUE = {
  'bad-request': { status: 400, title: 'The request cannot be read' },
  'invalid-body': { status: 400, title: 'Some fields are not right' },
  'sign-in-required': { status: 401, title: 'Sign in first' },
  'wrong-credentials': { status: 401, title: 'E-mail or password is wrong' },
  'session-over': { status: 401, title: 'This session is over: sign in again' },
  forbidden: { status: 403, title: 'This needs another role' },
  'not-found': { status: 404, title: 'There is no such thing here' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method' },
  'email-taken': { status: 409, title: 'There is an account with this e-mail already' },
  'sale-not-open': { status: 409, title: 'Tickets are not on sale now' },
  'key-in-use': { status: 409, title: 'The first request with this Idempotency-Key is still running' },
  'already-settled': { status: 409, title: 'This request has been settled already' },
  'capacity-below-sold': { status: 409, title: 'The capacity cannot be below what is sold' },
  'limit-below-held': { status: 409, title: 'The limit cannot be below what a buyer holds' },
  'ticket-used': { status: 409, title: 'A ticket of this order has been used' },
  'wrong-state': { status: 409, title: 'The event is not in the right state for this' },
  'last-admin': { status: 409, title: 'There must be one administrator' },
  'verification-running': { status: 409, title: 'The books are being verified already' },
  'version-conflict': { status: 412, title: 'Somebody else has changed this meanwhile' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON' },
  'key-reused': { status: 422, title: 'This Idempotency-Key was used for another request' },
  'over-limit': { status: 422, title: 'More tickets than one buyer may hold' },
  'wrong-password': { status: 422, title: 'The password is wrong' },
  'no-such-ticket-type': { status: 422, title: 'The event has no tickets of this type' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something broke on our side' },
  unavailable: { status: 503, title: 'Tixline cannot take this right now' },
} as const satisfies Record<string, Entry>;

export type ProblemCode = keyof typeof CATALOGUE;

/** One field that is not right: a JSON pointer (RFC 6901) into the body, or `?name` for a query parameter. */
export interface FieldError {
  readonly pointer: string;
  readonly message: string;
}

interface Details {
  readonly errors?: readonly FieldError[];
  /** Seconds after which another try makes sense; always there on 429 and 503. */
  readonly retryAfterSeconds?: number;
}

/** Throw this to decline. `detail` is a sentence for the person who reads it: what happened and what to do. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly errors: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: ProblemCode,
    detail?: string,
    details: Details = {},
  ) {
    super(detail ?? CATALOGUE[code].title);
    const entry: Entry = CATALOGUE[code];
    this.status = entry.status;
    this.title = entry.title;
    this.errors = details.errors ?? [];
    this.retryAfterSeconds =
      details.retryAfterSeconds ?? (entry.status === 429 || entry.status === 503 ? 1 : undefined);
  }
}

/** The body of a refusal on the wire. */
export function problemBody(problem: Problem, instance: string, requestId: string) {
  return {
    type: `https://tixline.dev/problems/${problem.code}`,
    title: problem.title,
    status: problem.status,
    detail: problem.message,
    instance,
    code: problem.code,
    request_id: requestId,
    errors: problem.errors,
  };
}

/** The refusal of a call too many. `what` goes before the time to wait. */
export function tooMany(waitSeconds: number, what = 'Too many calls.'): Problem {
  const unit = waitSeconds === 1 ? 'second' : 'seconds';
  return new Problem('too-many-requests', `${what} Try again in ${waitSeconds} ${unit}.`, {
    retryAfterSeconds: waitSeconds,
  });
}
