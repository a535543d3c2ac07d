import { Module } from '@nestjs/common';
import { AccountsController } from './accounts.controller';
import { Accounts } from './accounts.service';
import { BoardPass } from './board-pass';
import { EndedAccounts } from './ended-accounts';
import { Passwords } from './passwords';
import { Sessions } from './sessions';
import { SessionCookies } from './session-cookies';

@Module({
  controllers: [AccountsController],
  providers: [Accounts, Passwords, Sessions, BoardPass, SessionCookies, EndedAccounts],
  exports: [Accounts, Passwords, BoardPass, SessionCookies],
})
export class AccountsModule {}
