import { Module } from '@nestjs/common';
import { LineBoard } from './line-board.js';
import { LineController } from './line.controller.js';
import { Line } from './line.service.js';

@Module({
  controllers: [LineController],
  providers: [LineBoard, Line],
  exports: [LineBoard, Line],
})
export class LineModule {}
