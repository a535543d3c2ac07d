export { Metrics, type Figure } from './metrics';
export { MetricsModule } from './metrics.module';
export { maySeeFigures, showsFigures, TEXT_FORMAT } from './access';
