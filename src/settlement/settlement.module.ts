import { Module } from '@nestjs/common';
import { LineModule, Sweeper } from '../line/index';
import { Settlement } from './settlement';
import { Tick } from './tick';

@Module({
  imports: [LineModule],
  providers: [Settlement, Tick, Sweeper],
  exports: [Settlement, Tick],
})
export class SettlementModule {}
