import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { openQueue } from './queue';
import type { RequestTicketsDto, TicketJob } from './tickets.dto';

const PRIORITY = { VIP: 1, Regular: 2 };

/** One job for each request, VIPs first. */
@Injectable()
export class TicketQueue implements OnModuleDestroy {
  private readonly queue = openQueue();

  async add(wanted: RequestTicketsDto, userId: number): Promise<string> {
    const requestId = randomUUID();
    const job: TicketJob = { ...wanted, request_id: requestId, user_id: userId };
    await this.queue.add('ticket', job, {
      jobId: requestId,
      priority: PRIORITY[wanted.ticket_type],
      removeOnComplete: true,
      removeOnFail: 1_000,
    });
    return requestId;
  }

  /** Reads who waits, in order, and looks for the request. */
  async position(requestId: string, userId: number): Promise<number | undefined> {
    const waiting = await this.queue.getJobs(['waiting', 'prioritized'], 0, -1, true);
    const index = waiting.findIndex((job) => job.id === requestId && job.data.user_id === userId);
    return index < 0 ? undefined : index + 1;
  }

  async onModuleDestroy(): Promise<void> {
    await this.queue.close();
  }
}
