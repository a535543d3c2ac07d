import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Config } from '../config/index';
import { CliModule, type Needs } from './cli.module';

/** Connections of one command; a tick serves four events side by side. */
const CONNECTIONS = 8;

/**
 * Opens Tixline's modules on the same database and the same queue as the server. The embedded server that runs on
 * DATA_DIR is used, and started when none does; it stays up a second after the last who uses it.
 * Rejects with what is wrong with the settings or the database. Close what it answers.
 */
export async function openTixline(config: Config, needs: Needs): Promise<INestApplicationContext> {
  const modest = { ...config, role: 'api' as const, databasePool: CONNECTIONS };
  // The terminal is for answers: what the modules have to say is in the answers' own words.
  return NestFactory.createApplicationContext(CliModule.with(modest, needs), { logger: false, abortOnError: false });
}
