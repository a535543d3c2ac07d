export { RegisterDto, UserDto } from './accounts.dto';
export { AccountsModule } from './accounts.module';
export { Accounts } from './accounts.service';
export { BoardPass } from './board-pass';
export { accountsOf, putInBuyers, putInPeople } from './known-accounts';
export { Passwords } from './passwords';
export { SessionCookies } from './session-cookies';
export { SessionKeeper } from './session-keeper';
export { User } from './user.entity';
