import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { CONFIG, type Config } from '../../config/index';
import { showsFigures } from './access';

/** What holds figures that are read anew at each scrape. */
type Figures = Record<string, Counter | Gauge>;

interface Source {
  readonly name: string;
  readonly figures: Figures;
  readonly read: () => void | Promise<void>;
}

/**
 * The figures of this process for Prometheus. Whoever has some makes them here, or adds a source that is read at each
 * scrape: nothing is worked out until somebody asks.
 */
@Injectable()
export class Metrics implements OnApplicationShutdown {
  private readonly registry = new Registry();
  private readonly sources: Source[] = [];
  private readonly missing: Gauge;
  private scrape: Promise<string> | undefined;

  constructor(@Inject(CONFIG) config: Config) {
    if (showsFigures(config)) collectDefaultMetrics({ register: this.registry });
    this.missing = this.gauge(
      'tixline_figures_missing',
      'Sources that could not be asked in this scrape (the database may be away).',
      ['source'],
    );
  }

  counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  /** `buckets` and what is observed are in seconds. */
  histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name, help, buckets, registers: [this.registry] });
  }

  /** Has `read` set these figures, which are empty then, at each scrape. When it rejects they stay out of that scrape, and it is told. */
  atScrape(name: string, figures: Figures, read: Source['read']): void {
    this.sources.push({ name, figures, read });
  }

  /** All of them in Prometheus' text format. Whoever asks while it is being made gets the same. */
  text(): Promise<string> {
    this.scrape ??= this.make().finally(() => (this.scrape = undefined));
    return this.scrape;
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Its watchers would keep a process of tests alive. */
  onApplicationShutdown(): void {
    this.registry.clear();
  }

  private async make(): Promise<string> {
    this.missing.reset();
    await Promise.all(
      this.sources.map(async ({ name, figures, read }) => {
        const reset = () => Object.values(figures).forEach((figure) => figure.reset());
        reset();
        try {
          await read();
          this.missing.set({ source: name }, 0);
        } catch {
          reset();
          this.missing.set({ source: name }, 1);
        }
      }),
    );
    return this.registry.metrics();
  }
}
