/** What is used of the one package that is there only once `npm run bench` has installed it. */
declare module '@nestjs/platform-express' {
  import type { AbstractHttpAdapter } from '@nestjs/core';
  export const ExpressAdapter: new () => AbstractHttpAdapter;
}
