export { decide, seatsTaken, type Outcome, type Waiting } from './decide';
export { Settlement } from './settlement';
export { SETTLEMENT } from './settlement.sql';
export { SettlementModule } from './settlement.module';
export { Tick, type Ticked } from './tick';
