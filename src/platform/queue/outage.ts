/** Where the queue speaks to the operator. Give it the program's logger; it must not throw. */
export type QueueLog = (level: 'info' | 'warn' | 'error', message: string, error?: unknown) => void;

/**
 * Says once that the queue's store is away and once that it is back, however many connections, lines and
 * retries complain in between: a store that is down for a minute is two lines in the log, not two thousand.
 */
export class Outage {
  private sinceMs: number | undefined;

  constructor(private readonly log: QueueLog) {}

  away(error: unknown): void {
    if (this.sinceMs !== undefined) return;
    this.sinceMs = Date.now();
    this.log('error', `The queue's store does not answer: ${reasonOf(error)}`, error);
  }

  back(): void {
    if (this.sinceMs === undefined) return;
    const seconds = ((Date.now() - this.sinceMs) / 1000).toFixed(1);
    this.sinceMs = undefined;
    this.log('info', `The queue's store answers again after ${seconds} s`);
  }
}

/** Node reports a refused connection to a name with two addresses as an AggregateError with an empty message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
