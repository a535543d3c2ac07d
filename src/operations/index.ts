export { BOARD_PATH, mountBullBoard } from './bull-board';
export { OperationsModule } from './operations.module';
