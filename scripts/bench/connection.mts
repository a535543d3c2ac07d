/** One kept-alive connection of the load client. */
import { connect, type Socket } from 'node:net';

/** Told of each answer; status 0 stands for a connection that broke before it came. */
export type Answered = (connection: Connection, status: number, dueAt: number) => void;

/** What a prepared request has where its own Idempotency-Key goes. */
const KEY_MARK = 'bench-key-';
const KEY_DIGITS = 12;
export const KEY_BLANK = KEY_MARK + '0'.repeat(KEY_DIGITS);
let keys = 0;

/** One request on its way at most. */
export class Connection {
  private readonly socket: Socket;
  private readonly keyed: boolean;
  private readonly answered: Answered;
  private dueAt = 0;
  private waiting = false;
  /** What has come of an answer that came in pieces. */
  private held = '';

  private constructor(port: number, keyed: boolean, answered: Answered, ready: () => void) {
    this.keyed = keyed;
    this.answered = answered;
    this.socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      // One buffer for all that comes: no allocation and no stream in between.
      onread: { buffer: Buffer.allocUnsafe(16_384), callback: (size, buffer) => this.read(size, buffer) },
    });
    this.socket.once('connect', ready);
    this.socket.on('error', () => undefined);
    this.socket.once('close', () => {
      ready();
      if (this.waiting) this.end(0);
    });
  }

  /** Resolves when it is connected, or has failed to: then the first request answers with status 0. */
  static open(port: number, keyed: boolean, answered: Answered): Promise<Connection> {
    return new Promise((done) => {
      const connection: Connection = new Connection(port, keyed, answered, () => done(connection));
    });
  }

  send(request: Buffer, dueAt: number): void {
    this.dueAt = dueAt;
    this.waiting = true;
    if (this.socket.destroyed) {
      // Not at once: a server that is gone must not keep this thread busy.
      setTimeout(() => this.end(0), 10);
      return;
    }
    this.socket.write(this.keyed ? withKey(request) : request);
  }

  close(): void {
    this.waiting = false;
    this.socket.destroy();
  }

  private read(size: number, buffer: Uint8Array): boolean {
    const piece = (buffer as Buffer).toString('latin1', 0, size);
    const text = this.held === '' ? piece : this.held + piece;
    const head = text.indexOf('\r\n\r\n');
    if (head >= 0 && text.length >= head + 4 + bodyLength(text, head)) {
      this.held = '';
      this.end(Number(text.slice(9, 12)));
    } else this.held = text;
    return true;
  }

  private end(status: number): void {
    if (!this.waiting) return;
    this.waiting = false;
    this.answered(this, status, this.dueAt);
  }
}

/** Bytes after the head, as it says. All servers measured here say so; one that answers in chunks ends the run. */
function bodyLength(text: string, head: number): number {
  let at = text.indexOf('ontent-length: ');
  if (at < 0 || at > head) at = text.indexOf('ontent-Length: ');
  if (at < 0 || at > head) throw new Error(`an answer without its length: ${text.slice(0, head)}`);
  return parseInt(text.slice(at + 15, at + 25), 10);
}

/** The request with a key never used before. Its buffer is used again only after some thousand others. */
function withKey(request: Buffer): Buffer {
  const at = request.indexOf(KEY_MARK) + KEY_MARK.length;
  request.write(String((keys += 1)).padStart(KEY_DIGITS, '0'), at, 'latin1');
  return request;
}
