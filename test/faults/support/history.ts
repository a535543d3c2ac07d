import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';

/** One attempt as the client saw it: a line of the file that `tixline verify --history` reads. */
export interface Attempt {
  readonly user: number;
  readonly key: string;
  readonly event: number;
  readonly tier: 'VIP' | 'Regular';
  readonly quantity: number;
  readonly sent_at: string;
  readonly outcome: 'answered' | 'refused' | 'unknown';
  readonly status?: number;
  readonly request_id?: string;
  readonly place?: number;
}

/** What clients saw, written down as they saw it. */
export class History {
  private readonly stream: WriteStream;
  attempts = 0;

  constructor(readonly path: string) {
    this.stream = createWriteStream(path);
  }

  note(attempt: Attempt): void {
    this.attempts += 1;
    this.stream.write(`${JSON.stringify(attempt)}\n`);
  }

  async close(): Promise<void> {
    this.stream.end();
    await once(this.stream, 'finish');
  }
}
