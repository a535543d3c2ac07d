import { Module } from '@nestjs/common';
import { EventReader } from './event-reader';
import { EventsController } from './events.controller';
import { Events } from './events.service';

@Module({
  controllers: [EventsController],
  providers: [EventReader, Events],
  exports: [EventReader, Events],
})
export class EventsModule {}
