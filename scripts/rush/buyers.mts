/** What the buyers of a rush do: sign in, ask (some twice, some for the impossible), wait as told, see the outcome. */
import { randomUUID } from 'node:crypto';
import type { Answer, Client } from './client.mts';

export type TierName = 'VIP' | 'Regular';

export interface Asked {
  readonly tier: TierName;
  readonly requestId: string;
  readonly acceptedAtMs: number;
  settledAtMs?: number;
  outcome?: string;
}

export interface Tally {
  readonly accepted: Asked[];
  readonly acceptMs: number[];
  /** Sent again with the same key: same request, no second one. */
  repeated: number;
  repeatedWrongly: number;
  /** Impossible ones, refused as they should be, and those that were not. */
  impossible: number;
  impossibleTaken: number;
  /** Told to come back (429, 503), and did. */
  deferred: number;
  readonly unexpected: Map<string, number>;
  polls: number;
  readonly pollMs: number[];
}

export function emptyTally(): Tally {
  return {
    accepted: [],
    acceptMs: [],
    repeated: 0,
    repeatedWrongly: 0,
    impossible: 0,
    impossibleTaken: 0,
    deferred: 0,
    unexpected: new Map(),
    polls: 0,
    pollMs: [],
  };
}

const VIP_SHARE = 0.2;
const REPEATED_SHARE = 0.1;
const IMPOSSIBLE_SHARE = 0.03;
const IMPOSSIBLE = [0, -1, 1.5, '2', null, 99, 1e9];

export interface Wish {
  readonly token: string;
  readonly body: { event_id: number; ticket_type: TierName; quantity: unknown };
  readonly possible: boolean;
  readonly key: string;
  readonly repeat: boolean;
}

/** The wishes of all buyers, `each` a head, in a random order. */
export function wishes(tokens: readonly string[], each: number, eventId: number): Wish[] {
  const all = tokens.flatMap((token) => Array.from({ length: each }, () => wish(token, eventId)));
  for (let i = all.length - 1; i > 0; i -= 1) {
    const j = Math.floor(Math.random() * (i + 1));
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all;
}

function wish(token: string, eventId: number): Wish {
  const possible = Math.random() >= IMPOSSIBLE_SHARE;
  const quantity = possible
    ? 1 + Math.floor(Math.random() * 2)
    : IMPOSSIBLE[Math.floor(Math.random() * IMPOSSIBLE.length)];
  return {
    token,
    body: { event_id: eventId, ticket_type: Math.random() < VIP_SHARE ? 'VIP' : 'Regular', quantity },
    possible,
    key: randomUUID(),
    repeat: Math.random() < REPEATED_SHARE,
  };
}

/** Sends one wish until it is taken or refused for good; answers what was accepted, if it was. */
export async function ask(client: Client, wish: Wish, tally: Tally): Promise<Asked | undefined> {
  const answer = await send(client, wish, tally);
  if (!wish.possible) {
    if (answer.status === 400 || answer.status === 422) tally.impossible += 1;
    else tally.impossibleTaken += 1;
    return undefined;
  }
  if (answer.status !== 202) {
    note(tally, answer);
    return undefined;
  }
  tally.acceptMs.push(answer.tookMs);
  const asked = {
    tier: wish.body.ticket_type,
    requestId: answer.body.request_id,
    acceptedAtMs: performance.now(),
  };
  tally.accepted.push(asked);
  if (wish.repeat) {
    const again = await send(client, wish, tally);
    const same =
      again.status === 202 &&
      again.body.request_id === asked.requestId &&
      again.headers['idempotent-replayed'] === 'true';
    if (same) tally.repeated += 1;
    else tally.repeatedWrongly += 1;
  }
  return asked;
}

/** Polls as told until the outcome. */
export async function wait(
  client: Client,
  asked: Asked,
  token: string,
  tally: Tally,
  firstMs: number,
): Promise<void> {
  let pauseMs = firstMs;
  for (;;) {
    await new Promise((wake) => setTimeout(wake, pauseMs * (0.8 + Math.random() * 0.4)));
    const answer = await client.get(`/api/queue/position?request_id=${asked.requestId}`, token);
    tally.polls += 1;
    tally.pollMs.push(answer.tookMs);
    if (toComeBack(answer)) {
      tally.deferred += 1;
      pauseMs = comeBackMs(answer);
      continue;
    }
    if (answer.status !== 200) return note(tally, answer);
    if (answer.body.status !== 'queued') {
      asked.settledAtMs = performance.now();
      asked.outcome = answer.body.status === 'refused' ? answer.body.reason : answer.body.status;
      return;
    }
    pauseMs = answer.body.poll_after_ms;
  }
}

async function send(client: Client, { token, body, key }: Wish, tally: Tally): Promise<Answer> {
  for (;;) {
    const answer = await client.post('/api/ticket-requests', body, token, { 'idempotency-key': key });
    if (!toComeBack(answer)) return answer;
    tally.deferred += 1;
    await new Promise((wake) => setTimeout(wake, comeBackMs(answer)));
  }
}

function toComeBack({ status, body }: Answer): boolean {
  return status === 429 || status === 503 || (status === 409 && body.code === 'key-in-use');
}

function comeBackMs({ headers }: Answer): number {
  return Number(headers['retry-after'] ?? 1) * 1_000;
}

function note(tally: Tally, answer: Answer): void {
  const what = `${answer.status} ${answer.body?.code ?? ''}`.trim();
  tally.unexpected.set(what, (tally.unexpected.get(what) ?? 0) + 1);
}
