/**
 * The baseline: the same service as the usual tutorial builds it, and built well. Nest on Express; a guard that verifies
 * the token of every call with `@nestjs/jwt`; a body checked by class-validator; one BullMQ job for each request; a
 * worker with a concurrency of fifty that settles each job in one transaction and appends to the CSV; a position that is
 * found by reading who waits. A request is durable here only when Redis is; nobody has a limit; nothing is idempotent.
 *
 * JWT_KEY=string is how it is usually written. With JWT_KEY=object the secret is a KeyObject, made once. With ROLE=api and
 * ROLE=worker those are processes of their own.
 */
import 'reflect-metadata';
import { createSecretKey } from 'node:crypto';
import { Module, ValidationPipe, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { ExpressAdapter } from '@nestjs/platform-express';
import { prepareQueues } from './queue';
import { TicketQueue } from './ticket-queue';
import { TicketsController } from './tickets.controller';
import { TicketsProcessor } from './tickets.processor';

const role = process.env.ROLE;
const secret = process.env.JWT_SECRET!;
const key = createSecretKey(Buffer.from(secret));

@Module({
  imports: [
    JwtModule.register(process.env.JWT_KEY === 'object' ? { secretOrKeyProvider: () => key } : { secret }),
  ],
  controllers: role === 'worker' ? [] : [TicketsController],
  providers: [...(role === 'worker' ? [] : [TicketQueue]), ...(role === 'api' ? [] : [TicketsProcessor])],
})
class AppModule {}

async function bootstrap(): Promise<void> {
  await prepareQueues();
  const app: INestApplication = await NestFactory.create(AppModule, new ExpressAdapter(), {
    logger: ['error', 'warn'],
  });
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
  app.enableShutdownHooks();
  await app.listen(Number(process.env.PORT), '127.0.0.1');
}

void bootstrap();
