export { maySeeFigures, showsFigures } from './access';
export { Metrics } from './metrics';
export { MetricsModule } from './metrics.module';
