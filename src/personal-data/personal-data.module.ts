import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/index';
import { TicketRequestsModule } from '../ticket-requests/index';
import { TicketsModule } from '../tickets/index';
import { Erasure } from './erasure';
import { PersonalData } from './personal-data';
import { PersonalDataController } from './personal-data.controller';

@Module({
  imports: [AccountsModule, TicketRequestsModule, TicketsModule],
  controllers: [PersonalDataController],
  providers: [Erasure, PersonalData],
})
export class PersonalDataModule {}
