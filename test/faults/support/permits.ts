import { createQueueHome, EventLines } from '../../../src/platform/queue';
import type { Stage } from './stage';

/** A look at the permits of an event from outside, wherever they are kept. */
export class Permits {
  private constructor(
    private readonly lines: EventLines,
    private readonly eventId: number,
    private readonly end: () => Promise<void>,
  ) {}

  static async of(stage: Stage, eventId: number): Promise<Permits> {
    const store =
      stage.redis === undefined ? { pool: stage.pool } : { redisUrl: stage.redis.url, prefix: 'tixline' };
    const home = await createQueueHome(store, { log: () => undefined });
    const lines = new EventLines(home);
    return new Permits(lines, eventId, async () => {
      await lines.close();
      await home.close();
    });
  }

  /** In the hands of a worker: live, or dead and its lock not yet over. */
  async held(): Promise<number> {
    return (await this.queue.getJobCounts('active')).active!;
  }

  /** Set aside for good, each with its reason. */
  async setAside(): Promise<{ name: string; reason: string }[]> {
    const jobs = await this.queue.getJobs(['failed']);
    return jobs.map(({ name, failedReason }) => ({ name, reason: failedReason ?? '' }));
  }

  /** Waiting, put off or held. */
  async unfinished(): Promise<number> {
    const counts = await this.queue.getJobCounts('waiting', 'prioritized', 'delayed', 'active');
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  }

  /** What the queue remembers of permits that were completed. */
  async completed(): Promise<object[]> {
    return (await this.queue.getJobs(['completed'])).map(({ data }) => data);
  }

  /** A job that somebody wrote by hand. */
  async put(data: object): Promise<void> {
    await this.queue.add('by hand', data as never, { priority: 1 });
  }

  close(): Promise<void> {
    return this.end();
  }

  private get queue() {
    return this.lines.queue(this.eventId);
  }
}
