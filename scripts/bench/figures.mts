/** What was measured: for each figure one sample a round. */
export class Figures {
  private readonly samples = new Map<string, number[]>();

  add(name: string, value: number): void {
    const known = this.samples.get(name);
    if (known === undefined) this.samples.set(name, [value]);
    else known.push(value);
  }

  has(name: string): boolean {
    return this.samples.has(name);
  }

  /** The middle one of a figure's rounds; NaN when it was not measured. */
  median(name: string): number {
    return median(this.samples.get(name) ?? []);
  }

  /** Half the distance between the lowest and the highest round, as a share of the median. */
  spread(name: string): number {
    const rounds = this.samples.get(name) ?? [];
    return rounds.length < 2
      ? NaN
      : (Math.max(...rounds) - Math.min(...rounds)) / 2 / Math.abs(median(rounds));
  }

  /**
   * `a` over `b`: the median of the ratios of each round, since what ran a moment apart met the same machine. Of figures
   * with different numbers of rounds, the ratio of their medians.
   */
  ratio(a: string, b: string): number {
    const above = this.samples.get(a) ?? [];
    const below = this.samples.get(b) ?? [];
    if (above.length !== below.length) return this.median(a) / this.median(b);
    return median(above.map((value, round) => value / below[round]!));
  }

  toJSON(): Record<string, { median: number; rounds: number[] }> {
    return Object.fromEntries(
      [...this.samples].map(([name, rounds]) => [name, { median: median(rounds), rounds }]),
    );
  }
}

/** The middle one; between the two in the middle of an even number. NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
