import { Problem } from '../platform/http/index';

/**
 * Streams that one process holds open at once, of one account and of all together: each keeps a connection, a timer and
 * a listener until its request has an outcome. A page holds one for each request that it shows. An object, so that a
 * test can take the bounds out.
 */
export const STREAMS = { ofAccount: 20, ofProcess: 10_000 };

/** Streams end at any moment, and whoever has none polls: an earlier try would seldom be worth it. */
const RETRY_AFTER_SECONDS = 15;

/** Counts the open streams of this process. */
export class OpenStreams {
  private readonly accounts = new Map<number, number>();
  private total = 0;

  /**
   * Counts one more of this account, and answers what takes it off again, to be called once. Throws
   * `Problem` too-many-requests when the account or the process has as many as it may.
   */
  enter(userId: number): () => void {
    const own = this.accounts.get(userId) ?? 0;
    if (own >= STREAMS.ofAccount)
      throw refusal(`This account has ${own} streams open here, and may have no more.`);
    if (this.total >= STREAMS.ofProcess)
      throw refusal('This server has as many streams open as it can hold.');
    this.accounts.set(userId, own + 1);
    this.total += 1;
    return () => {
      this.total -= 1;
      const rest = this.accounts.get(userId)! - 1;
      if (rest > 0) this.accounts.set(userId, rest);
      else this.accounts.delete(userId);
    };
  }
}

function refusal(what: string): Problem {
  return new Problem(
    'too-many-requests',
    `${what} Close one, or ask GET /api/queue/position as often as its poll_after_ms says. ` +
      `Try again in ${RETRY_AFTER_SECONDS} seconds.`,
    { retryAfterSeconds: RETRY_AFTER_SECONDS },
  );
}
