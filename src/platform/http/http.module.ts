import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { RateLimits } from '../limits/index';
import { AccessTokens } from './access-tokens';
import { ProblemFilter } from './problem.filter';
import { bodyValidation } from './validation';

/** What holds for every route: bodies checked, refusals as problem documents. Who may call it: see `authenticate`. */
@Global()
@Module({
  providers: [
    AccessTokens,
    RateLimits,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useFactory: bodyValidation },
  ],
  exports: [AccessTokens, RateLimits],
})
export class HttpModule {}
