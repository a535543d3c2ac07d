import { Module } from '@nestjs/common';
import { LineModule } from '../line/index';
import { AvailabilityController } from './availability.controller';

@Module({ imports: [LineModule], controllers: [AvailabilityController] })
export class InventoryModule {}
