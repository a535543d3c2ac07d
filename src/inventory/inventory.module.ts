import { Module } from '@nestjs/common';
import { LineModule } from '../line/index.js';
import { AvailabilityController } from './availability.controller.js';

@Module({ imports: [LineModule], controllers: [AvailabilityController] })
export class InventoryModule {}
