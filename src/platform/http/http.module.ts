import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { CONFIG, type Config } from '../../config/index';
import { Database } from '../database/index';
import { RateLimits } from '../limits/index';
import { AccessTokens } from './access-tokens';
import { Marks } from './marks';
import { ProblemFilter } from './problem.filter';
import { bodyValidation } from './validation';

/** What holds for every route: bodies checked, refusals as problem documents. Who may call it: see `authenticate`. */
@Global()
@Module({
  providers: [
    AccessTokens,
    RateLimits,
    {
      provide: Marks,
      inject: [CONFIG, Database],
      useFactory: (config: Config, database: Database) => Marks.kept(database, config.keys.mark),
    },
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useFactory: bodyValidation },
  ],
  exports: [AccessTokens, Marks, RateLimits],
})
export class HttpModule {}
