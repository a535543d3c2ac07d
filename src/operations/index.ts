export { mountBullBoard } from './bull-board';
export { OperationsModule } from './operations.module';
