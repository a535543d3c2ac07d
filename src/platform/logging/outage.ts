/** Where an outage is told: the program's logger; it must not throw. */
export type OutageLog = (level: 'info' | 'warn' | 'error', message: string, error?: unknown) => void;

export interface OutageOptions {
  /** It is back only when nothing failed for so long, so that one that comes and goes is still one outage. */
  readonly quietMs?: number;
}

/**
 * Says once that a store is away and once that it is back, however many connections, lines and retries complain in
 * between: a store that is down for a minute is two lines in the log, not two thousand.
 */
export class Outage {
  private sinceMs: number | undefined;
  private lastMs = 0;
  private readonly quietMs: number;

  /** `what` begins the sentences: "The database". */
  constructor(
    private readonly what: string,
    private readonly log: OutageLog,
    { quietMs = 0 }: OutageOptions = {},
  ) {
    this.quietMs = quietMs;
  }

  away(error: unknown): void {
    this.lastMs = performance.now();
    if (this.sinceMs !== undefined) return;
    this.sinceMs = this.lastMs;
    this.log('error', `${this.what} does not answer: ${reasonOf(error)}`, error);
  }

  back(): void {
    if (this.sinceMs === undefined || performance.now() - this.lastMs < this.quietMs) return;
    const seconds = ((performance.now() - this.sinceMs) / 1000).toFixed(1);
    this.sinceMs = undefined;
    this.log('info', `${this.what} answers again after ${seconds} s`);
  }
}

/** Node reports a refused connection to a name with two addresses as an AggregateError with an empty message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
