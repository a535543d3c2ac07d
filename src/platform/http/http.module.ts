import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AccessTokens } from './access-tokens';
import { AuthGuard } from './auth.guard';
import { ProblemFilter } from './problem.filter';
import { bodyValidation } from './validation';

/** What holds for every route: closed unless opened, bodies checked, refusals as problem documents. */
@Global()
@Module({
  providers: [
    AccessTokens,
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useFactory: bodyValidation },
  ],
  exports: [AccessTokens],
})
export class HttpModule {}
