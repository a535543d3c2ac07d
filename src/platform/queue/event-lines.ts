import { EventLine, type ClaimLimits } from './event-line';
import {
  permitData,
  permitName,
  permitOptions,
  type ClaimedPermit,
  type Permit,
  type PermitData,
} from './permit';
import type { HomeQueue, QueueHome } from './queue-home';
import { within } from './within';

export interface EventLinesOptions {
  /** Queues are named `<namespace>-<event id>`. Letters, digits, `_` and `-`, so that both homes allow it. */
  readonly namespace?: string;
  /** A line that nobody claimed from for so long stops looking for stalled permits until the next claim. */
  readonly idleMs?: number;
  /** An offer, or a question, that the store has not answered after this time counts as failed. */
  readonly offerLimitMs?: number;
}

export interface WaitingJobs {
  /** Permits that a claim would get now; 0 while paused. */
  readonly claimable: number;
  /** Permits that were given back and sit out their back-off, or wait for the next claim to find that it is over. */
  readonly delayed: number;
}

type QueueListener = (queue: HomeQueue<PermitData>) => void;

/**
 * The lines of all events: one BullMQ queue each, made when it is first spoken of, all on the home's few connections.
 * Any number of processes may hold the same lines at once.
 */
export class EventLines {
  private readonly lines = new Map<number, EventLine>();
  private readonly listeners = new Set<QueueListener>();
  private readonly namespace: string;
  private readonly offerLimitMs: number;
  private readonly idleSweep: NodeJS.Timeout;
  private closed = false;

  constructor(
    private readonly home: QueueHome,
    { namespace = 'line', idleMs = 60_000, offerLimitMs = 1_000 }: EventLinesOptions = {},
  ) {
    if (!/^[A-Za-z0-9_-]+$/.test(namespace)) throw new Error(`Not a namespace for queues: ${namespace}`);
    this.namespace = namespace;
    this.offerLimitMs = offerLimitMs;
    this.idleSweep = setInterval(() => void this.restIdle(idleMs), idleMs).unref();
  }

  /**
   * Puts one permit in line. Rejects within `offerLimitMs` when the store is away or slow; it may have taken the
   * permit all the same, and offering it again does no harm.
   */
  async offer(permit: Permit): Promise<void> {
    const { queue } = this.line(permit.eventId);
    const adding = queue.add(permitName(permit), permitData(permit), permitOptions(permit.tier));
    await this.heard(within(this.offerLimitMs, 'Putting a permit in line', adding));
  }

  /**
   * Takes permits, VIP first, until a limit is reached or nothing is claimable, ordered by tier and place. Their locks
   * are extended until they are completed or given back, so do one of the two with every one of them.
   * Waits while Redis is away; on Postgres, or when closed, it rejects, and then holds nothing.
   */
  async claim(eventId: number, limits: ClaimLimits): Promise<ClaimedPermit[]> {
    return this.heard(this.line(eventId).claim(limits));
  }

  /**
   * Ends permits that were settled. Answers how many were still held: one whose lock ran out, or whose line was
   * emptied meanwhile, is passed over. Rejects when the store failed; those permits come back once their locks end.
   */
  async complete(claimed: readonly ClaimedPermit[]): Promise<number> {
    const completing = this.byLine(claimed).map(([line, permits]) => line.complete(permits));
    const counts = await this.heard(Promise.all(completing));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /**
   * Puts permits back in line at their priority after a back-off, each with one attempt used. Answers those that had
   * no attempt left (all of them for an `UnrecoverableError`): they are set aside under failed, with the reason.
   */
  async giveBack(claimed: readonly ClaimedPermit[], error: Error): Promise<ClaimedPermit[]> {
    const returning = this.byLine(claimed).map(([line, permits]) => line.giveBack(permits, error));
    const setAside = await this.heard(Promise.all(returning));
    return setAside.flat();
  }

  /** Rejects within `offerLimitMs` when the store is away or slow; so do `pause` and `resume`. */
  async waitingJobs(eventId: number): Promise<WaitingJobs> {
    const { queue } = this.line(eventId);
    const asking = Promise.all([queue.getJobCounts('waiting', 'prioritized', 'delayed'), queue.isPaused()]);
    const [counts, paused] = await within(this.offerLimitMs, 'Counting permits', asking);
    const { waiting = 0, prioritized = 0, delayed = 0 } = counts;
    return { claimable: paused ? 0 : waiting + prioritized, delayed };
  }

  /** Holds the line back for every process: offers are taken, claims get nothing. What is claimed already goes on. */
  async pause(eventId: number): Promise<void> {
    await within(this.offerLimitMs, 'Pausing a line', this.line(eventId).queue.pause());
  }

  async resume(eventId: number): Promise<void> {
    await within(this.offerLimitMs, 'Resuming a line', this.line(eventId).queue.resume());
  }

  /** The queue of one event, made if need be: how a process that never offered learns to show it. */
  queue(eventId: number): HomeQueue<PermitData> {
    return this.line(eventId).queue;
  }

  queues(): HomeQueue<PermitData>[] {
    return [...this.lines.values()].map((line) => line.queue);
  }

  /** Calls `listener` for every queue there is and every one to come, until the function it answers is called. */
  onQueue(listener: QueueListener): () => void {
    this.queues().forEach(listener);
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Stops all checks and renewals. Claimed permits stay locked until their locks run out. Closes no connection. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.idleSweep);
    await Promise.all([...this.lines.values()].map((line) => line.close()));
  }

  /** Every call tells whether the store is there: a restart may be too short for a connection to complain. */
  private async heard<T>(call: Promise<T>): Promise<T> {
    try {
      const answer = await call;
      this.home.outage.back();
      return answer;
    } catch (error) {
      this.home.outage.away(error);
      throw error;
    }
  }

  private async restIdle(idleMs: number): Promise<void> {
    await Promise.all([...this.lines.values()].map((line) => line.rest(idleMs)));
  }

  private line(eventId: number): EventLine {
    if (this.closed) throw new Error('The lines are closed');
    let line = this.lines.get(eventId);
    if (line === undefined) {
      line = new EventLine(`${this.namespace}-${eventId}`, this.home);
      this.lines.set(eventId, line);
      for (const listener of this.listeners) listener(line.queue);
    }
    return line;
  }

  private byLine(claimed: readonly ClaimedPermit[]): [EventLine, ClaimedPermit[]][] {
    const events = new Set(claimed.map((permit) => permit.eventId));
    return [...events].map((id) => [this.line(id), claimed.filter((permit) => permit.eventId === id)]);
  }
}
