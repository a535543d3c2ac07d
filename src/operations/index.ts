export { mountBullBoard } from './bull-board';
export { mountMetrics, serveMetrics } from './serve-metrics';
export { OperationsModule } from './operations.module';
