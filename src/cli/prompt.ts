import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';

/**
 * Questions and answers, a line each, on a terminal or through a pipe. Lines that come before they are asked for are
 * kept, which readline's own `question` loses.
 */
export class Prompt {
  private readonly lines: string[] = [];
  private waiting: ((line: string | undefined) => void) | undefined;
  private ended = false;
  private readonly reader: Interface;

  constructor(
    input: NodeJS.ReadableStream,
    private readonly output: NodeJS.WritableStream,
  ) {
    this.reader = createInterface({
      input,
      output,
      terminal: (output as NodeJS.WriteStream).isTTY && (input as NodeJS.ReadStream).isTTY,
    });
    this.reader.on('line', (line) => this.take(line));
    this.reader.on('SIGINT', () => this.reader.close());
    this.reader.on('close', () => {
      this.ended = true;
      // The question that nobody answers any more stands on a line of its own.
      if (this.waiting !== undefined) this.output.write('\n');
      this.answer(undefined);
    });
  }

  /** The next answer, without the spaces around it; `undefined` when there will be none (Ctrl-C, Ctrl-D, end of input). */
  async ask(question: string): Promise<string | undefined> {
    this.reader.setPrompt(question);
    if (this.lines.length > 0) {
      this.output.write(question);
      return this.echoed(this.lines.shift()!);
    }
    if (this.ended) return undefined;
    this.reader.prompt();
    return new Promise((resolve) => (this.waiting = resolve));
  }

  close(): void {
    this.reader.close();
  }

  private take(line: string): void {
    if (this.waiting === undefined) this.lines.push(line);
    else this.answer(this.echoed(line));
  }

  private answer(line: string | undefined): void {
    const waiting = this.waiting;
    this.waiting = undefined;
    waiting?.(line);
  }

  /** Through a pipe nobody sees what was answered: it is written down, so that the output reads like a session. */
  private echoed(line: string): string {
    if (!this.reader.terminal) this.output.write(`${line}\n`);
    return line.trim();
  }
}

/** Asks for something that must not be seen: nothing is echoed. `undefined` on Ctrl-C or Ctrl-D. Needs a terminal. */
export async function askSecret(question: string): Promise<string | undefined> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 });
  try {
    return await new Promise((resolve) => {
      reader.once('line', resolve);
      reader.once('SIGINT', () => resolve(undefined));
      reader.once('close', () => resolve(undefined));
    });
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}

export async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
