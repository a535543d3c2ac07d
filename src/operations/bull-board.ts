import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance } from 'fastify';
import type { Queue } from 'bullmq';
import { BoardPass } from '../accounts/index';
import { Line } from '../line/index';
import type { Database } from '../platform/database/index';
import { comesFromElsewhere, Problem, sendProblem } from '../platform/http/index';
import type { EventLines } from '../platform/queue/index';

const BOARD_PATH = '/admin/queues';

/** Pausing in Bull Board pauses the line itself, in the database, where it outlives the queue's store. */
class LineAdapter extends BullMQAdapter {
  constructor(
    queue: Queue,
    private readonly eventId: number,
    private readonly line: Line,
  ) {
    super(queue, { description: 'VIP has priority 1, Regular 2; a job stands for the requests in its name' });
  }

  /** Unknown to the board: our workers fetch by hand and are not registered with the queue. */
  override async getWorkers(): Promise<null> {
    return null;
  }

  override async pause(): Promise<void> {
    await this.line.steer(this.eventId, { paused: true });
  }

  override async resume(): Promise<void> {
    await this.line.steer(this.eventId, { paused: false });
  }
}

interface Parts {
  readonly lines: EventLines;
  readonly line: Line;
  readonly pass: BoardPass;
  readonly database: Database;
}

/**
 * Purpose  the lines an operator will look for: those that moved last
 * Returns  event ids
 */
const RECENT_LINES = `SELECT event_id FROM lines ORDER BY changed_at DESC LIMIT 200`;

const FOREIGN_FONT = /<link [^>]*https:\/\/fonts\.googleapis\.com[^>]*>/;

/**
 * Mounts Bull Board. The check hangs on the routes themselves, not on the address as it was typed, so no spelling of
 * the path gets around it; changes are taken from this site's own pages only.
 */
export async function mountBullBoard(
  fastify: FastifyInstance,
  { lines, line, pass, database }: Parts,
): Promise<void> {
  const adapter = new FastifyAdapter();
  adapter.setBasePath(BOARD_PATH);
  const board = createBullBoard({
    queues: [],
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Tixline lines', hideRedisDetails: true } },
  });
  lines.onQueue((queue) =>
    board.addQueue(new LineAdapter(queue as unknown as Queue, eventIdOf(queue.name), line)),
  );
  await fastify.register(async (scope) => {
    scope.addHook('onRequest', (request, reply, done) => {
      if (!pass.admits(request)) {
        const wantsPage = request.method === 'GET' && request.headers.accept?.includes('text/html');
        if (wantsPage) return void reply.redirect(`/sign-in?next=${encodeURIComponent(BOARD_PATH)}`);
        return sendProblem(
          new Problem('sign-in-required', 'Sign in as an admin to see the queues.'),
          request,
          reply,
        );
      }
      if (request.method !== 'GET' && comesFromElsewhere(request, [])) {
        return sendProblem(
          new Problem('forbidden', 'Changes are taken from the board itself only.'),
          request,
          reply,
        );
      }
      done();
    });
    // Its page asks another host for a font: our policy forbids that, and nobody there need hear of an operator's visit.
    scope.addHook('onSend', async (_request, _reply, payload) =>
      typeof payload === 'string' ? payload.replace(FOREIGN_FONT, '') : payload,
    );
    // A process that has just begun has spoken of no queue yet; the board shows them all the same.
    scope.addHook('preHandler', async () => {
      const { rows } = await database.query<{ event_id: number }>(RECENT_LINES);
      for (const { event_id } of rows) lines.queue(event_id);
    });
    await scope.register(adapter.registerPlugin(), { prefix: BOARD_PATH });
  });
}

function eventIdOf(queueName: string): number {
  return Number(queueName.slice(queueName.lastIndexOf('-') + 1));
}
