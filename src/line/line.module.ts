import { Module } from '@nestjs/common';
import { LineBoard } from './line-board';
import { LineController } from './line.controller';
import { Line } from './line.service';

@Module({
  controllers: [LineController],
  providers: [LineBoard, Line],
  exports: [LineBoard, Line],
})
export class LineModule {}
