export {
  eta,
  expectedRate,
  notOnSale,
  outlook,
  pollAfterMs,
  someoneWaits,
  type EventBoard,
} from './event-board';
export { LineBoard } from './line-board';
export { beginLine, setPace } from './line-row';
export { LineModule } from './line.module';
export { Line } from './line.service';
export { Sweeper } from './sweeper';
