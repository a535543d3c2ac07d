/** The main thread's side of the load client. */
import { Worker } from 'node:worker_threads';

/** What one run of load is. */
export interface Load {
  /** Ports of the servers: connections are shared out among them in turn. */
  readonly ports: readonly number[];
  /** Names of prepared requests, sent in their order again and again. */
  readonly requests: readonly string[];
  readonly connections: number;
  /** Load before the measured time, so that it begins in the middle of things. */
  readonly leadSeconds: number;
  readonly seconds: number;
  /** Requests per second, due whether or not earlier ones are answered (open loop). Without it each connection sends its
   * next request as soon as it has its answer (closed loop). */
  readonly rate?: number;
  /** The status that counts. */
  readonly expect: number;
  /** Each request gets an Idempotency-Key of its own; they must be prepared with KEY_BLANK. */
  readonly keyed?: boolean;
}

export interface Measured {
  /** Milliseconds, from when a request was due (open loop) or sent (closed loop) to its answer. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Right answers per second of the measured time. */
  readonly perSecond: number;
  readonly answered: number;
  readonly unanswered: number;
  /** Other statuses and how often; 0 is a broken connection. */
  readonly wrong: Record<string, number>;
  /** The longest queue of requests that were due and found no free connection. */
  readonly mostBehind: number;
  /** CPU that the client itself spent on a request, in µs. */
  readonly clientUs: number;
}

export type ToThread =
  { kind: 'prepare'; name: string; requests: readonly string[] } | { kind: 'run'; load: Load };
export type ToMain =
  | { kind: 'measuring' }
  | { kind: 'measured' }
  | { kind: 'done'; measured: Measured }
  | { kind: 'failed'; message: string };

export class LoadClient {
  private readonly thread = new Worker(new URL('./client-thread.mts', import.meta.url));
  private readonly trouble = new Set<string>();

  /** Hands requests over under a name; a second time replaces them. */
  prepare(name: string, requests: readonly string[]): void {
    this.thread.postMessage({ kind: 'prepare', name, requests } satisfies ToThread);
  }

  /**
   * Runs a load. `measuring` and `measured` are called when the measured time begins and ends, while the load goes on.
   * Rejects when the client itself fails; wrong answers are counted, and remembered for `troubles`.
   */
  run(
    load: Load,
    on: { measuring?: () => Promise<void>; measured?: () => Promise<void> } = {},
  ): Promise<Measured> {
    return new Promise((resolve, reject) => {
      const asked: Promise<void>[] = [];
      const done = (settle: () => void) => {
        this.thread.off('message', hear);
        this.thread.off('error', reject);
        Promise.all(asked).then(settle, reject);
      };
      const hear = (word: ToMain) => {
        if (word.kind === 'measuring' && on.measuring) asked.push(on.measuring());
        if (word.kind === 'measured' && on.measured) asked.push(on.measured());
        if (word.kind === 'failed') done(() => reject(new Error(word.message)));
        if (word.kind === 'done')
          done(() => {
            this.note(load, word.measured);
            resolve(word.measured);
          });
      };
      this.thread.on('message', hear);
      this.thread.on('error', reject);
      this.thread.postMessage({ kind: 'run', load } satisfies ToThread);
    });
  }

  /** What went wrong in any run so far, in words. */
  get troubles(): string[] {
    return [...this.trouble];
  }

  async close(): Promise<void> {
    await this.thread.terminate();
  }

  private note({ requests }: Load, { wrong, unanswered, answered }: Measured): void {
    for (const [status, count] of Object.entries(wrong))
      this.trouble.add(`${requests[0]}: ${count} times status ${status}, beside ${answered} right answers`);
    if (unanswered > 0)
      this.trouble.add(`${requests[0]}: ${unanswered} without an answer within ten seconds`);
  }
}

/** One HTTP request as it goes over the wire. */
export function wireRequest(
  method: 'GET' | 'POST',
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
): string {
  const text = body === undefined ? '' : JSON.stringify(body);
  const lines = [`${method} ${path} HTTP/1.1`, 'host: 127.0.0.1'];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (body !== undefined) lines.push('content-type: application/json', `content-length: ${text.length}`);
  return `${lines.join('\r\n')}\r\n\r\n${text}`;
}
