import { open, stat, type FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 1 << 18;
const NEWLINE = 0x0a;

/** One line of a file with its line end, which only the last can be without. */
export interface FileLine {
  readonly text: string;
  /** Counted from 1. */
  readonly number: number;
}

/** Reads a file line by line as it stood when it was opened, a chunk at a time whatever its size. */
export class CsvReader {
  private rest: Buffer = Buffer.alloc(0);
  private readonly ready: FileLine[] = [];
  private readAhead = 0;
  private at = 0;
  private number = 0;

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    private readonly bytes: number,
  ) {}

  /** Answers `undefined` when there is no such file. Close what it answers. */
  static async open(path: string): Promise<CsvReader | undefined> {
    try {
      const file = await open(path, 'r');
      return new CsvReader(path, file, (await file.stat()).size);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Whether another file has taken its place since it was opened. */
  async isReplaced(): Promise<boolean> {
    const there = await stat(this.path).catch(() => undefined);
    return there !== undefined && there.ino !== (await this.file.stat()).ino;
  }

  /** The next line, `undefined` after the last. */
  async next(): Promise<FileLine | undefined> {
    while (this.readAhead >= this.ready.length && (await this.fill()));
    return this.ready[this.readAhead++];
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  /** Reads one more chunk. Answers false when there is none. */
  private async fill(): Promise<boolean> {
    this.ready.length = 0;
    this.readAhead = 0;
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, this.bytes - this.at));
    const { bytesRead } =
      chunk.length > 0 ? await this.file.read(chunk, 0, chunk.length, this.at) : { bytesRead: 0 };
    this.at += bytesRead;
    if (bytesRead === 0) {
      if (this.rest.length > 0) this.add(this.rest.toString('utf8'));
      this.rest = Buffer.alloc(0);
      return false;
    }
    const data = Buffer.concat([this.rest, chunk.subarray(0, bytesRead)]);
    let from = 0;
    for (let end = data.indexOf(NEWLINE); end !== -1; end = data.indexOf(NEWLINE, from)) {
      this.add(data.toString('utf8', from, end + 1));
      from = end + 1;
    }
    this.rest = data.subarray(from);
    return true;
  }

  private add(text: string): void {
    this.ready.push({ text, number: (this.number += 1) });
  }
}
