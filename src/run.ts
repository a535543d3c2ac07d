import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext, LoggerService } from '@nestjs/common';
import type { Config } from './config/index';
import { loadConfig } from './config/index';
import { createHttpApp } from './http-app';
import { createLog } from './platform/logging/index';
import { ConfigError } from './config/index';
import { EmbeddedPostgresError } from './platform/database/index';
import { WorkerModule } from './worker.module';
import { welcome } from './welcome';
import { putInDemo } from './demo';

/** How long a stop may take before the process ends anyway. */
const STOP_LIMIT_MS = 15_000;

/** Starts the role(s) of this process and stops them in order on SIGINT or SIGTERM. */
export async function run(): Promise<void> {
  try {
    const config = loadConfig();
    const logger = createLog(config);
    const app =
      config.role === 'worker' ? await startWorker(config, logger) : await startHttp(config, logger);
    stopOnSignal(app);
  } catch (error) {
    process.stderr.write(`\nTixline did not start: ${causeAndCure(error as NodeJS.ErrnoException)}\n`);
    process.exit(1);
  }
}

async function startHttp(config: Config, logger: LoggerService): Promise<INestApplicationContext> {
  const app = await createHttpApp(config, logger);
  try {
    if (config.demo) await putInDemo(app);
    await app.listen(config.port, config.host);
  } catch (error) {
    await app.close().catch(() => undefined);
    throw error;
  }
  process.stdout.write(welcome(config));
  return app;
}

async function startWorker(config: Config, logger: LoggerService): Promise<INestApplicationContext> {
  const app = await NestFactory.createApplicationContext(WorkerModule.with(config), {
    logger,
    abortOnError: false,
  });
  process.stdout.write(
    `${config.appName} worker: a tick every ${config.tickIntervalMs} ms. Ctrl-C stops it.\n`,
  );
  return app;
}

function stopOnSignal(app: INestApplicationContext): void {
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) {
      process.stderr.write('Stopping at once.\n');
      process.exit(1);
    }
    stopping = true;
    if (process.stdout.isTTY) process.stdout.write(`\n${signal}: finishing what is under way …\n`);
    setTimeout(() => process.exit(1), STOP_LIMIT_MS).unref();
    app.close().then(
      () => process.exit(0),
      (error: Error) => {
        process.stderr.write(`${error.stack}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', () => stop('Ctrl-C'));
  process.on('SIGTERM', () => stop('SIGTERM'));
}

/** One line for a person: what is in the way, and what to do. */
function causeAndCure(error: NodeJS.ErrnoException & { port?: number }): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof EmbeddedPostgresError) return `${error.message} ${error.cure}`;
  if (error.code === 'EADDRINUSE') {
    return `port ${error.port} is in use. Stop what uses it, or choose another: PORT=3001 npm start.`;
  }
  if (error.code === 'EACCES' && error.port !== undefined) {
    return `port ${error.port} needs more rights than this user has. Choose one above 1023: PORT=3000 npm start.`;
  }
  return error.stack ?? error.message;
}
