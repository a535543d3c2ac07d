/**
 * The limit: an empty route of Nest on Fastify. It takes the same bytes as Tixline's and answers the same bytes, and does
 * nothing in between. Nothing on this stack can be faster.
 */
import 'reflect-metadata';
import { Body, Controller, Get, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

const accepted: unknown = JSON.parse(process.env.ACCEPTED!);
const position: unknown = JSON.parse(process.env.POSITION!);

@Controller('limit')
class LimitController {
  @Post()
  @HttpCode(202)
  take(@Body() body: unknown): unknown {
    return body && accepted;
  }

  @Get()
  look(): unknown {
    return position;
  }
}

@Module({ controllers: [LimitController] })
class LimitModule {}

void NestFactory.create<NestFastifyApplication>(LimitModule, new FastifyAdapter(), {
  logger: ['error'],
}).then((app) => app.listen(Number(process.env.PORT), '127.0.0.1'));
