import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiModule } from './api.module';
import { loadConfig } from './config/index';
import { openApiDocument } from './openapi';

/**
 * Writes openapi.json, or the file named on the command line: what the web client is generated from. Needs no server and
 * no database.
 */
async function exportOpenApi(): Promise<void> {
  const config = loadConfig({ JWT_SECRET: 'not used: nothing is signed here', LOG_LEVEL: 'silent' });
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.with(config), new FastifyAdapter(), {
    preview: true,
    logger: false,
  });
  const document = openApiDocument(app, { appName: 'Tixline' });
  const file = process.argv[2] ?? resolve(__dirname, '../openapi.json');
  writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
}

void exportOpenApi();
