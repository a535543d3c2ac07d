export { mountBullBoard } from './bull-board';
export { LineFigures } from './line-figures';
export { mountMetrics, serveMetrics } from './serve-metrics';
export { OperationsModule } from './operations.module';
