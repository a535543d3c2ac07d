import { Global, Module } from '@nestjs/common';
import { Metrics } from './metrics';

/** The one `Metrics` of a process, for whoever has figures to add. */
@Global()
@Module({ providers: [Metrics], exports: [Metrics] })
export class MetricsModule {}
