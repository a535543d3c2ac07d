import { Injectable, type BeforeApplicationShutdown, type MessageEvent } from '@nestjs/common';
import { merge, Observable, ReplaySubject, takeUntil, timer } from 'rxjs';
import { LineBoard, type EventBoard } from '../line/index';
import type { Identity } from '../platform/http/index';
import { OpenStreams } from './open-streams';
import type { PositionDto } from './ticket-requests.dto';
import { TicketRequests } from './ticket-requests.service';

/** A sign of life, so that proxies keep the connection and clients notice when it is gone. */
const HEARTBEAT_MS = 15_000;

/**
 * Positions pushed. All streams of a process hang on its one board: a change of an event is worked out for each of its
 * streams by arithmetic, and only the outcome costs a look-up.
 */
@Injectable()
export class PositionStream implements BeforeApplicationShutdown {
  /** Remembers that it has begun: a stream opened after that ends at once. */
  private readonly closing = new ReplaySubject<void>(1);
  private readonly streams = new OpenStreams();

  constructor(
    private readonly board: LineBoard,
    private readonly requests: TicketRequests,
  ) {}

  beforeApplicationShutdown(): void {
    this.closing.next();
  }

  /** The position now and at each change, completing with the outcome, or with the token: whoever
   * still waits then comes again with the next one. Throws `Problem` not-found before it begins; when it is one too many
   * it ends with `Problem` too-many-requests before its first message. */
  async open(id: string, me: Identity): Promise<Observable<MessageEvent>> {
    const first = await this.requests.position(id, me);
    return new Observable<MessageEvent>((out) => {
      // Here and not above: whatever begins is counted off however it ends, and whoever left meanwhile never begins.
      out.add(this.streams.enter(me.userId));
      let shown = '';
      const show = (position: PositionDto) => {
        const text = JSON.stringify(position);
        if (text !== shown) out.next({ type: 'position', data: position });
        shown = text;
        if (position.status !== 'queued') out.complete();
      };
      let looking = false;
      const look = async () => {
        if (looking) return;
        looking = true;
        try {
          show(await this.requests.position(id, me));
        } catch {
          // The next change looks again; the client also polls.
        } finally {
          looking = false;
        }
      };
      const changed = (board: EventBoard) => {
        if (board.eventId === first.event_id) void look();
      };
      this.board.on('changed', changed);
      const heartbeat = setInterval(() => {
        // Also keeps the event among those whose board is read.
        this.board.peek(first.event_id);
        out.next({ type: 'alive', data: '' });
      }, HEARTBEAT_MS);
      show(first);
      return () => {
        this.board.off('changed', changed);
        clearInterval(heartbeat);
      };
      // Who may watch is asked when a stream begins: it must not outlast the token that was shown.
    }).pipe(takeUntil(merge(this.closing, timer(new Date(me.expiresAtMs)))));
  }
}
