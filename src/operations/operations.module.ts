import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/index';
import { LineFigures } from './line-figures';
import { HealthController } from './health.controller';
import { VerificationController } from './verification.controller';

@Module({
  imports: [LedgerModule],
  controllers: [HealthController, VerificationController],
  providers: [LineFigures],
})
export class OperationsModule {}
