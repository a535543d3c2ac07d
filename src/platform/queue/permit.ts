import type { Job, JobsOptions } from 'bullmq';
import { REGULAR, tierName, VIP, type Tier } from '../../shared/tier';

/**
 * "This tier of this event may be settled up to place `to`." Not a request and nobody's: delivered twice it changes
 * nothing, lost it is written again from the record of who waits.
 */
export interface Permit {
  readonly eventId: number;
  readonly tier: Tier;
  /** First and last place of the group of requests that was accepted together. */
  readonly from: number;
  readonly to: number;
  /** How many requests were in the group, 1 or more. */
  readonly requests: number;
}

/** A permit in the hands of one worker, until it is completed, given back or its lock runs out. */
export interface ClaimedPermit extends Permit {
  readonly job: Job<PermitData>;
}

/** What stands in the queue's store and in Bull Board: numbers only, no personal data. */
export interface PermitData {
  readonly event_id: number;
  readonly tier: Tier;
  readonly from: number;
  readonly to: number;
  readonly requests: number;
}

/** The name that an operator reads in Bull Board: `VIP × 75 · places 101–175`. */
export function permitName({ tier, from, to, requests }: Permit): string {
  const places = from === to ? `place ${to}` : `places ${from}–${to}`;
  return `${tierName(tier)} × ${requests} · ${places}`;
}

export function permitData({ eventId, tier, from, to, requests }: Permit): PermitData {
  return { event_id: eventId, tier, from, to, requests };
}

/**
 * How a permit stands in the queue. The priority is always there: BullMQ runs a job without one before every VIP.
 *
 * Five attempts, 0.5, 1, 2 and 4 s apart. A tick claims only after it has reached the database, so an outage costs a
 * permit one attempt and not all. Half a second is the next tick; 4 s is the longest that a permit may sit out once
 * the database is back; after 7.5 s it is no passing fault, and a person must be able to read what it is.
 */
export function permitOptions(tier: Tier): JobsOptions {
  return {
    priority: tier,
    attempts: 5,
    backoff: { type: 'exponential', delay: 500 },
    removeOnComplete: { count: 200 },
    removeOnFail: { count: 1_000 },
    stackTraceLimit: 3,
  };
}

/** The permit that a fetched job holds, or the reason why it must be set aside. */
export function readPermit(job: Job<PermitData>): ClaimedPermit | string {
  // BullMQ notes on the job that too many workers died holding it, and leaves the rest to whoever fetched it.
  if (job.deferredFailure !== undefined) return job.deferredFailure;
  const { event_id: eventId, tier, from, to, requests } = job.data;
  // Anybody who may use Bull Board can write a job by hand.
  const whole = [eventId, from, to, requests].every((n) => Number.isSafeInteger(n) && n > 0);
  if (!whole || (tier !== VIP && tier !== REGULAR))
    return 'Not a permit: event_id, tier, from, to and requests are needed';
  if (!job.queueName.endsWith(`-${eventId}`))
    return `A permit of event ${eventId} in the line ${job.queueName}`;
  return { eventId, tier, from, to, requests, job };
}

/** The order in which permits are settled: VIP first, then by place. Stalled ones come back ahead of all, in any order. */
export function byTierAndPlace(a: Permit, b: Permit): number {
  return a.tier - b.tier || a.to - b.to;
}
