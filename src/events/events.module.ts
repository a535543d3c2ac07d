import { Module } from '@nestjs/common';
import { EventReader } from './event-reader.js';
import { EventsController } from './events.controller.js';
import { Events } from './events.service.js';

@Module({
  controllers: [EventsController],
  providers: [EventReader, Events],
  exports: [EventReader, Events],
})
export class EventsModule {}
