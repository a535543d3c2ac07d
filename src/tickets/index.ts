export { giveBack } from './give-back';
export { Orders } from './orders';
export { OrderDto, TicketDto } from './tickets.dto';
export { TicketsModule } from './tickets.module';
