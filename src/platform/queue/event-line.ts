import { ErrorCode, UnrecoverableError, type Job } from 'bullmq';
import { byTierAndPlace, readPermit, type ClaimedPermit, type PermitData } from './permit';
import type { HomeQueue, HomeWorker, QueueHome } from './queue-home';

export interface ClaimLimits {
  /** Stop once the permits claimed cover this many requests; the last ones may go beyond it. */
  readonly maxRequests: number;
  /** Never claim more permits than this. */
  readonly maxJobs: number;
  /** Who claims: unique to a worker process, it is what its locks are held under. */
  readonly token: string;
}

/** What BullMQ answers about a job that this worker no longer holds: gone, unlocked, not active, held by another. */
const NOT_OURS: readonly unknown[] = [
  ErrorCode.JobNotExist,
  ErrorCode.JobLockNotExist,
  ErrorCode.JobNotInState,
  ErrorCode.JobLockMismatch,
];

/** One event's queue and, while somebody claims from it, its worker. */
export class EventLine {
  readonly queue: HomeQueue<PermitData>;
  private worker: HomeWorker<PermitData> | undefined;
  private readonly held = new Set<Job<PermitData>>();
  private renewal: NodeJS.Timeout | undefined;
  private lastClaimMs = 0;
  private claiming = 0;

  constructor(
    readonly name: string,
    private readonly home: QueueHome,
  ) {
    this.queue = home.queue<PermitData>(name);
    this.queue.on('error', (error) => home.outage.away(error));
  }

  async claim(limits: ClaimLimits): Promise<ClaimedPermit[]> {
    this.claiming += 1;
    try {
      return await this.fetch(limits);
    } finally {
      this.claiming -= 1;
      this.lastClaimMs = Date.now();
    }
  }

  async complete(claimed: readonly ClaimedPermit[]): Promise<number> {
    // Each completion would cut the list of finished jobs to its 200, a third of its cost on Postgres: once is enough.
    for (const { job } of claimed.slice(0, -1)) job.opts.removeOnComplete = false;
    return (await this.finish(claimed, (job) => job.moveToCompleted(null, job.token ?? '', false))).length;
  }

  async giveBack(claimed: readonly ClaimedPermit[], error: Error): Promise<ClaimedPermit[]> {
    const ours = await this.finish(claimed, (job) => job.moveToFailed(error, job.token ?? '', false));
    // BullMQ writes the time of finishing only on a job that has used up its attempts.
    return ours.filter(({ job }) => job.finishedOn !== undefined);
  }

  /** Ends the worker's stalled check when nobody claimed for a while; the next claim starts it again. */
  async rest(idleMs: number): Promise<void> {
    if (this.claiming === 0 && this.held.size === 0 && Date.now() - this.lastClaimMs >= idleMs)
      await this.close();
  }

  async close(): Promise<void> {
    clearInterval(this.renewal);
    this.renewal = undefined;
    const worker = this.worker;
    this.worker = undefined;
    await worker?.close(true);
  }

  private async fetch({ maxRequests, maxJobs, token }: ClaimLimits): Promise<ClaimedPermit[]> {
    const worker = this.openWorker();
    const claimed: ClaimedPermit[] = [];
    let requests = 0;
    // Waves of 1, 2, 4 …: a short line is not asked in vain many times over (each time two round trips on Postgres),
    // a long one is fetched several at a time.
    for (let wave = 1; claimed.length < maxJobs && requests < maxRequests; wave *= 2) {
      // Every permit covers one request at least, so a wave as large as what is left cannot overshoot by itself.
      const left = Math.ceil(Math.min(maxJobs - claimed.length, maxRequests - requests));
      const wanted = Math.min(wave, this.home.callsAtOnce, left);
      const answers = await Promise.allSettled(
        Array.from({ length: wanted }, () => worker.getNextJob(token, { block: false })),
      );
      const jobs = answers.flatMap((answer) =>
        answer.status === 'fulfilled' && answer.value ? [answer.value] : [],
      );
      for (const job of jobs) {
        const permit = readPermit(job);
        if (typeof permit === 'string') {
          await this.setAside(job, permit);
          continue;
        }
        this.hold(job);
        claimed.push(permit);
        requests += permit.requests;
      }
      const failure = answers.find((answer) => answer.status === 'rejected');
      // What was claimed is served all the same; only an empty hand reports the failure.
      if (failure && claimed.length === 0) throw failure.reason;
      if (jobs.length < wanted) break;
    }
    return claimed.sort(byTierAndPlace);
  }

  private openWorker(): HomeWorker<PermitData> {
    if (this.worker === undefined) {
      this.worker = this.home.worker<PermitData>(this.name);
      this.worker.on('error', (error) => this.home.outage.away(error));
      // getNextJob starts no check of its own. Failures reach the 'error' event.
      void this.worker.startStalledCheckTimer();
    }
    return this.worker;
  }

  private hold(job: Job<PermitData>): void {
    this.held.add(job);
    this.renewal ??= setInterval(() => void this.renewLocks(), this.home.lockDurationMs / 2).unref();
  }

  private async setAside(job: Job<PermitData>, reason: string): Promise<void> {
    // A failure here must not cost the caller what was claimed along with it: the job comes back and is tried again.
    await job
      .moveToFailed(new UnrecoverableError(reason), job.token ?? '', false)
      .catch((error: unknown) => this.home.outage.away(error));
  }

  /** getNextJob renews no lock: whatever is held for longer than half of it is extended here until it is finished. */
  private async renewLocks(): Promise<void> {
    const jobs = [...this.held];
    try {
      await this.worker?.extendJobLocks(
        jobs.map((job) => job.id ?? ''),
        jobs.map((job) => job.token ?? ''),
        this.home.lockDurationMs,
      );
    } catch (error) {
      this.home.outage.away(error);
    }
  }

  /** Finishes all, a few at a time, and answers those that were still ours. Rejects when the store failed for any. */
  private async finish(
    claimed: readonly ClaimedPermit[],
    how: (job: Job<PermitData>) => Promise<unknown>,
  ): Promise<ClaimedPermit[]> {
    const ours: ClaimedPermit[] = [];
    const failures: unknown[] = [];
    const end = async (permit: ClaimedPermit): Promise<void> => {
      try {
        await how(permit.job);
        ours.push(permit);
      } catch (error) {
        if (!NOT_OURS.includes((error as { code?: unknown }).code)) failures.push(error);
      }
      this.held.delete(permit.job);
    };
    for (let at = 0; at < claimed.length; at += this.home.callsAtOnce) {
      await Promise.all(claimed.slice(at, at + this.home.callsAtOnce).map(end));
    }
    if (this.held.size === 0) {
      clearInterval(this.renewal);
      this.renewal = undefined;
    }
    if (failures.length > 0) throw failures[0];
    return ours;
  }
}
