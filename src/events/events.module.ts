import { Module } from '@nestjs/common';
import { LineModule } from '../line/index';
import { EventReader } from './event-reader';
import { EventRepository } from './event.repository';
import { EventsController } from './events.controller';
import { Events } from './events.service';

@Module({
  imports: [LineModule],
  controllers: [EventsController],
  providers: [EventRepository, EventReader, Events],
})
export class EventsModule {}
