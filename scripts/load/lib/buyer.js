/** What a buyer does: ask, perhaps twice, perhaps for the impossible; wait as told; see the outcome. */
import { call, noteUnexpected, pause } from './api.js';
import * as seen from './metrics.js';

const VIP_SHARE = 0.2;
const REPEATED_SHARE = 0.1;
const IMPOSSIBLE_SHARE = 0.03;
const IMPOSSIBLE = [0, -1, 1.5, '2', null, 99, 1e9];

/**
 * What somebody wants of an event: one ticket or two, mostly Regular. Now and then (or never, with `oddities` false) it
 * is sent twice, or is what nobody can have.
 */
export function wish(eventId, { oddities = true } = {}) {
  const isPossible = !oddities || Math.random() >= IMPOSSIBLE_SHARE;
  const quantity = isPossible
    ? 1 + Math.floor(Math.random() * 2)
    : IMPOSSIBLE[Math.floor(Math.random() * IMPOSSIBLE.length)];
  return {
    body: { event_id: eventId, ticket_type: Math.random() < VIP_SHARE ? 'VIP' : 'Regular', quantity },
    isPossible,
    isRepeated: oddities && Math.random() < REPEATED_SHARE,
    key: crypto.randomUUID(),
  };
}

/**
 * Asks for it until it is taken or refused for good. Answers the request as it was accepted, `undefined` when it was
 * not. A wish that `isRepeated` is sent a second time with the same key, and must get the same answer. `tags` go on the
 * time it took.
 */
export async function ask(buyer, { body, key, isPossible, isRepeated }, tags = {}) {
  const tier = body.ticket_type;
  const send = () =>
    call('POST', '/api/ticket-requests', {
      as: buyer,
      body,
      key,
      name: 'ask',
      tags: { tier },
      expect: [202, 400, 422],
    });
  seen.asked.add(1, { tier });
  const startedAt = Date.now();
  const answer = await send();
  const tookMs = Date.now() - startedAt;
  if (!isPossible) {
    if (answer.status === 400 || answer.status === 422) seen.impossibleRefused.add(1);
    else seen.impossibleTaken.add(1);
    return undefined;
  }
  if (answer.status !== 202) {
    noteUnexpected('asked for a ticket', answer);
    return undefined;
  }
  const request = { ...answer.json(), acceptedAtMs: Date.now(), tags };
  seen.accepted.add(1, { tier });
  seen.waiting.add(1, { tier });
  seen.timeToAccept.add(tookMs, { tier, ...tags });
  if (isRepeated) {
    const again = await send();
    const isSame = again.status === 202 && again.json('request_id') === request.request_id;
    if (isSame && again.headers['Idempotent-Replayed'] === 'true') seen.repeated.add(1);
    else seen.repeatedWrongly.add(1);
  }
  return request;
}

/** Where a request stands now; `undefined` when the answer makes no sense. `tags` go on the request. */
async function position(buyer, request, tags) {
  const answer = await call('GET', `/api/queue/position?request_id=${request.request_id}`, {
    as: buyer,
    name: 'position',
    tags: { tier: request.ticket_type, ...tags },
  });
  if (answer.status === 200) return answer.json();
  noteUnexpected('asked where a request stands', answer);
  return undefined;
}

/**
 * Polls as told, give or take a fifth, until the outcome, and answers it; `undefined` when an answer made no sense.
 * `onQueued` sees each answer before that; what `tagsNow` answers is put on the polls.
 */
export async function waitForOutcome(
  buyer,
  request,
  { onQueued = () => undefined, tagsNow = () => ({}) } = {},
) {
  const tier = request.ticket_type;
  let pauseMs = request.poll_after_ms;
  for (;;) {
    await pause(pauseMs * (0.8 + Math.random() * 0.4));
    const now = await position(buyer, request, tagsNow());
    if (now === undefined) return undefined;
    if (now.status !== 'queued') {
      seen.waiting.add(-1, { tier });
      seen.timeToOutcome.add(Date.now() - request.acceptedAtMs, { tier, ...request.tags });
      seen.outcomes.add(1, { tier, outcome: now.reason ?? now.status });
      if (now.status === 'granted') seen.seatsGranted.add(request.quantity, { tier });
      return now;
    }
    onQueued(now);
    pauseMs = now.poll_after_ms;
  }
}
