import { randomUUID } from 'node:crypto';
import { setImmediate as immediate, setTimeout as delay } from 'node:timers/promises';
import { Caller, NoAnswer, type Answer } from './caller';
import { History } from './history';
import type { Buyer } from './stage';

const CONNECTIONS = 256;
const ANSWER_LIMIT_MS = 5_000;
/** How long somebody goes on asking with the same key before the test gives up on them. */
const PATIENCE_MS = 90_000;
const VIP_SHARE = 0.2;
const TWICE_SHARE = 0.3;
const IMPOSSIBLE_SHARE = 0.02;

interface Wish {
  readonly buyer: Buyer;
  readonly key: string;
  readonly event: number;
  readonly tier: 'VIP' | 'Regular';
  readonly quantity: number;
}

export interface Rush {
  readonly event: number;
  /** Requests per second, sent whether or not earlier ones are answered. */
  readonly rate: number;
  readonly requests: number;
  /** Goes on until this has ended too, so that what it does happens under load. */
  readonly during?: Promise<unknown>;
}

/** What a crowd met with, in numbers. */
class Tally {
  requests = 0;
  answered = 0;
  refused = 0;
  /** Never answered, however often they asked. */
  unsettled = 0;
  /** Attempts without an answer, by what happened. */
  readonly noAnswer: Record<string, number> = {};
  /** Attempts told to come back, by status. */
  readonly toldToComeBack: Record<string, number> = {};
  /** Answers that should not be, with an example each. */
  readonly unexpected: Record<string, number> = {};
  /** Requests that had an attempt without an answer, and the answer of a later attempt. */
  settledByRetry = 0;
  /** Requests that were taken in, though the attempt which did it got no answer: asking again brought the first answer. */
  answersLost = 0;
  /** Answers 503 or 429 without a Retry-After. */
  withoutRetryAfter = 0;
  /** Milliseconds until the 202 of those whose first attempt was answered with it. */
  readonly acceptMs: number[] = [];
}

/** Buyers who ask for tickets as people and their clients do: again with the same key until they have an answer. */
export class Crowd {
  readonly tally = new Tally();
  private readonly callers: Caller[];
  private next = 0;

  constructor(
    private readonly buyers: readonly Buyer[],
    urls: readonly string[],
    readonly history: History,
    { answerLimitMs = ANSWER_LIMIT_MS, connections = CONNECTIONS } = {},
  ) {
    this.callers = urls.map((url) => new Caller(url, answerLimitMs, connections));
  }

  /** Sends them all, three in ten twice with one key; resolves when everybody has an answer or has given up. */
  async rush({ event, rate, requests, during = Promise.resolve() }: Rush): Promise<void> {
    let going = true;
    void during.finally(() => (going = false)).catch(() => undefined);
    const all: Promise<void>[] = [];
    const startedAt = performance.now();
    for (let sent = 0; sent < requests || going; sent += 1) {
      const early = startedAt + (sent * 1_000) / rate - performance.now();
      if (early > 0) await delay(early);
      // Late with all of them, it must let answers in all the same, and hear of the end.
      else if (sent % 50 === 0) await immediate();
      all.push(this.ask(event));
    }
    await Promise.all(all);
    await during;
  }

  /** Connections that it holds now, to each API in its order. */
  get connections(): number[] {
    return this.callers.map((caller) => caller.connections);
  }

  async close(): Promise<void> {
    for (const caller of this.callers) caller.close();
    await this.history.close();
  }

  private async ask(event: number): Promise<void> {
    const wish: Wish = {
      buyer: this.buyers[Math.floor(Math.random() * this.buyers.length)]!,
      key: randomUUID(),
      event,
      tier: Math.random() < VIP_SHARE ? 'VIP' : 'Regular',
      quantity: Math.random() < IMPOSSIBLE_SHARE ? 99 : 1 + Math.floor(Math.random() * 2),
    };
    this.tally.requests += 1;
    const twice = Math.random() < TWICE_SHARE;
    const first = this.insist(wish, { counts: true, alone: !twice });
    if (twice) {
      await delay(Math.random() * 200);
      await this.insist(wish, { counts: false, alone: false });
    }
    await first;
  }

  /** Asks with the same key until there is an answer. */
  private async insist(wish: Wish, { counts, alone }: { counts: boolean; alone: boolean }): Promise<void> {
    const { tally } = this;
    const startedAt = performance.now();
    let unknown = false;
    for (let attempt = 1; performance.now() - startedAt < PATIENCE_MS; attempt += 1) {
      const sentAt = performance.now();
      const outcome = await this.attempt(wish);
      if (typeof outcome === 'string') {
        const known = outcome === 'refused' ? 'refused' : 'answered';
        if (counts) tally[known] += 1;
        if (alone && outcome === 'replayed') tally.answersLost += 1;
        if (unknown) tally.settledByRetry += 1;
        if (outcome === 'answered' && attempt === 1) tally.acceptMs.push(performance.now() - sentAt);
        return;
      }
      unknown ||= outcome.unknown;
      await delay(outcome.comeBackMs * (0.5 + Math.random()));
    }
    tally.unsettled += 1;
  }

  /** One attempt at the next API, written down. Answers when to come back, unless it was the last. */
  private async attempt(
    wish: Wish,
  ): Promise<'answered' | 'replayed' | 'refused' | { comeBackMs: number; unknown: boolean }> {
    const { buyer, key, event, tier, quantity } = wish;
    const line = { user: buyer.userId, key, event, tier, quantity, sent_at: new Date().toISOString() };
    const caller = this.callers[(this.next += 1) % this.callers.length]!;
    let answer: Answer;
    try {
      answer = await caller.post(
        '/api/ticket-requests',
        { authorization: `Bearer ${buyer.token}`, 'idempotency-key': key },
        { event_id: event, ticket_type: tier, quantity },
      );
    } catch (error) {
      const { code, reused } = error as NoAnswer;
      count(this.tally.noAnswer, reused ? `${code} on a used connection` : code);
      this.history.note({ ...line, outcome: 'unknown' });
      return { comeBackMs: 200, unknown: true };
    }
    const { status, headers, text } = answer;
    if (status === 202) {
      const { request_id, place } = JSON.parse(text) as { request_id: string; place: number };
      this.history.note({ ...line, outcome: 'answered', status, request_id, place });
      return headers['idempotent-replayed'] === 'true' ? 'replayed' : 'answered';
    }
    // A 503 may stand for a commit whose answer was lost; every other refusal took nothing in.
    this.history.note({ ...line, outcome: status >= 500 ? 'unknown' : 'refused', status });
    if (status === 429 || status === 503 || status === 409) {
      count(this.tally.toldToComeBack, String(status));
      if (headers['retry-after'] === undefined) this.tally.withoutRetryAfter += 1;
      return { comeBackMs: Number(headers['retry-after'] ?? 1) * 1_000, unknown: status === 503 };
    }
    if (status !== 422 || quantity !== 99) count(this.tally.unexpected, `${status} ${text.slice(0, 200)}`);
    return 'refused';
  }
}

function count(counts: Record<string, number>, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}
