import { Injectable } from '@nestjs/common';

/** One line of a figure: its value, and what tells it from the others of its name. `suffix` is a histogram's. */
export interface Sample {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly suffix?: '_bucket' | '_sum' | '_count';
}

/** A figure with a name, as Prometheus wants it: with its unit, a counter's ends in `_total`. */
export interface Figure {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: readonly Sample[];
}

/** Asked at every scrape. One that rejects is left out of that scrape, and told. */
type Source = () => readonly Figure[] | Promise<readonly Figure[]>;

/**
 * The figures of this process in Prometheus' text format, version 0.0.4. Whoever has some adds a source; nothing is
 * worked out until somebody asks.
 */
@Injectable()
export class Metrics {
  private readonly sources = new Map<string, Source>();
  private scrape: Promise<string> | undefined;

  add(name: string, source: Source): void {
    this.sources.set(name, source);
  }

  /** Something that is counted up: a number that only grows. */
  counter(name: string, help: string): { readonly add: (more?: number) => void } {
    let value = 0;
    this.add(name, () => [{ name, help, type: 'counter', samples: [{ value }] }]);
    return { add: (more = 1) => void (value += more) };
  }

  /** Something that is measured, in seconds, counted by how much it was at most. */
  histogram(
    name: string,
    help: string,
    bounds: readonly number[],
  ): { readonly note: (seconds: number) => void } {
    const counts = bounds.map(() => 0);
    let sum = 0;
    let count = 0;
    this.add(name, () => [
      {
        name,
        help,
        type: 'histogram',
        samples: [
          ...bounds.map((le, i) => ({ suffix: '_bucket' as const, labels: { le }, value: counts[i]! })),
          { suffix: '_bucket', labels: { le: '+Inf' }, value: count },
          { suffix: '_sum', value: sum },
          { suffix: '_count', value: count },
        ],
      },
    ]);
    const note = (seconds: number) => {
      bounds.forEach((most, i) => seconds <= most && (counts[i]! += 1));
      sum += seconds;
      count += 1;
    };
    return { note };
  }

  /** All of them as text. Whoever asks while it is being made gets the same. */
  text(): Promise<string> {
    this.scrape ??= this.make().finally(() => (this.scrape = undefined));
    return this.scrape;
  }

  private async make(): Promise<string> {
    const names = [...this.sources.keys()];
    const answers = await Promise.allSettled([...this.sources.values()].map(async (source) => source()));
    const figures = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const failed = names.filter((_, i) => answers[i]!.status === 'rejected');
    const told: Figure = {
      name: 'tixline_figures_missing',
      help: 'Sources that could not be asked in this scrape (the database may be away).',
      type: 'gauge',
      samples:
        failed.length === 0 ? [{ value: 0 }] : failed.map((source) => ({ value: 1, labels: { source } })),
    };
    return [...figures, told].map(textOf).join('');
  }
}

function textOf({ name, help, type, samples }: Figure): string {
  const lines = samples.map(({ suffix = '', labels = {}, value }) => {
    const inside = Object.entries(labels).map(([label, word]) => `${label}="${escaped(String(word))}"`);
    return `${name}${suffix}${inside.length === 0 ? '' : `{${inside.join(',')}}`} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

const escaped = (word: string): string =>
  word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
