export { decide, seatsTaken, type Outcome, type Waiting } from './decide.js';
export { Settlement } from './settlement.js';
export { SETTLEMENT } from './settlement.sql.js';
export { SettlementModule } from './settlement.module.js';
export { Tick } from './tick.js';
