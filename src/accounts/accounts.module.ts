import { Module } from '@nestjs/common';
import { AccountsController } from './accounts.controller.js';
import { Accounts } from './accounts.service.js';
import { BoardPass } from './board-pass.js';
import { Passwords } from './passwords.js';
import { RefreshTokens } from './refresh-tokens.js';

@Module({
  controllers: [AccountsController],
  providers: [Accounts, Passwords, RefreshTokens, BoardPass],
  exports: [Accounts, Passwords, BoardPass],
})
export class AccountsModule {}
