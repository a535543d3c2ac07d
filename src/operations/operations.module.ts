import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/index';
import { HealthController } from './health.controller';
import { VerificationController } from './verification.controller';

@Module({ imports: [LedgerModule], controllers: [HealthController, VerificationController] })
export class OperationsModule {}
