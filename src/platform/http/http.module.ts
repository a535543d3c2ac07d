import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { AccessTokens } from './access-tokens';
import { ProblemFilter } from './problem.filter';
import { bodyValidation } from './validation';

/** What holds for every route: bodies checked, refusals as problem documents. Who may call it: see `authenticate`. */
@Global()
@Module({
  providers: [
    AccessTokens,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useFactory: bodyValidation },
  ],
  exports: [AccessTokens],
})
export class HttpModule {}
