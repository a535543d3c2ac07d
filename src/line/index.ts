export { eta, expectedRate, notOnSale, outlook, pollAfterMs, type EventBoard } from './event-board.js';
export { LineBoard } from './line-board.js';
export { LineModule } from './line.module.js';
export { Line } from './line.service.js';
export { Sweeper } from './sweeper.js';
