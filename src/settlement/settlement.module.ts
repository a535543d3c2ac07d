import { Module, type DynamicModule } from '@nestjs/common';
import { LineModule, Sweeper } from '../line/index';
import { Heartbeat } from './heartbeat';
import { Settlement } from './settlement';
import { Tick } from './tick';
import { Trials } from './trials';

@Module({
  imports: [LineModule],
  providers: [Settlement, Tick, Trials],
  exports: [Settlement, Tick],
})
export class SettlementModule {
  /** The settlement with what makes it go by itself, the heartbeat and the sweeper: for workers. */
  static withHeartbeat(): DynamicModule {
    return { module: SettlementModule, providers: [Heartbeat, Sweeper] };
  }
}
