export { BOARD_PATH, mountBullBoard } from './bull-board.js';
export { OperationsModule } from './operations.module.js';
