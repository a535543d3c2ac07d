import { Global, Inject, Module } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/index';
import { showsFigures } from './access';
import { Metrics } from './metrics';
import { processFigures } from './process-figures';

/** The one `Metrics` of a process, for whoever has figures to add. */
@Global()
@Module({ providers: [Metrics], exports: [Metrics] })
export class MetricsModule {
  constructor(@Inject(CONFIG) config: Config, metrics: Metrics) {
    if (showsFigures(config)) metrics.add('process', processFigures());
  }
}
