import { Module } from '@nestjs/common';
import { AccountsController } from './accounts.controller';
import { Accounts } from './accounts.service';
import { BoardPass } from './board-pass';
import { Passwords } from './passwords';
import { RefreshTokens } from './refresh-tokens';

@Module({
  controllers: [AccountsController],
  providers: [Accounts, Passwords, RefreshTokens, BoardPass],
  exports: [Accounts, Passwords, BoardPass],
})
export class AccountsModule {}
