/** A line on a terminal that says how far long work is, and is gone when it ends. Elsewhere nothing is written. */
export class Progress {
  private readonly stream = process.stderr;

  say(text: string): void {
    if (this.stream.isTTY) this.stream.write(`\r\x1b[K${text}`);
  }

  end(): void {
    this.say('');
  }
}
