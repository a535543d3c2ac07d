const WINDOW_MS = 10_000;

/** How fast a counter rises, over the last ten seconds of readings. */
export class RateMeter {
  private readings: { atMs: number; count: number }[] = [];
  private seenAtMs = 0;

  /**
   * Takes a reading (`count` at `atMs`, by the clock of who counts) and answers the rate per second.
   * `nowMs` is this process's own count of time: when nothing new was read for the whole window, the rate is 0.
   */
  note(atMs: number, count: number, nowMs: number): number {
    const last = this.readings.at(-1);
    if (last === undefined || count > last.count) {
      this.readings.push({ atMs, count });
      this.seenAtMs = nowMs;
      while (atMs - this.readings[0]!.atMs > WINDOW_MS) this.readings.shift();
    }
    return nowMs - this.seenAtMs > WINDOW_MS ? 0 : this.rate();
  }

  private rate(): number {
    const first = this.readings[0]!;
    const last = this.readings.at(-1)!;
    const seconds = (last.atMs - first.atMs) / 1_000;
    return seconds <= 0 ? 0 : Math.round(((last.count - first.count) / seconds) * 10) / 10;
  }
}
