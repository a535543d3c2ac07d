import { Module } from '@nestjs/common';
import { LineModule, Sweeper } from '../line/index.js';
import { Settlement } from './settlement.js';
import { Tick } from './tick.js';

@Module({
  imports: [LineModule],
  providers: [Settlement, Tick, Sweeper],
  exports: [Settlement, Tick],
})
export class SettlementModule {}
