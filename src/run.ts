import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext, LoggerService } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Config } from './config/index';
import { putInDemo } from './demo';
import { createHttpApp } from './http-app';
import { serveMetrics } from './operations/index';
import { createLog } from './platform/logging/index';
import { Metrics } from './platform/metrics/index';
import { onceDatabaseIsThere } from './waiting-room';
import { welcome } from './welcome';
import { WorkerModule } from './worker.module';

/** How long a stop may take before the process ends anyway; container files wait a little longer before they kill. */
const STOP_LIMIT_MS = 15_000;

interface Started {
  readonly app: INestApplicationContext;
  /** Tells whoever watches this process, in one sentence. */
  readonly say: (text: string) => void;
}

/** Starts the role(s) of this process and stops them in order on SIGINT or SIGTERM. Rejects when it cannot start. */
export async function run(config: Config): Promise<void> {
  let started: Started | undefined;
  stopOnSignal(() => started);
  const logger = createLog(config);
  if (config.production && !config.rateLimits)
    logger.warn('RATE_LIMITS=off: everybody may call as often as they like. That is for load tests.', 'run');
  if (config.production && config.trustProxy === true)
    logger.warn(
      'TRUST_PROXY=true: the first address of X-Forwarded-For is believed, which callers write themselves unless the proxy replaces it. Name the addresses of your proxies instead.',
      'run',
    );
  const app = config.role === 'worker' ? await startWorker(config, logger) : await startHttp(config, logger);
  // On a development machine the terminal is for people; in production standard output is the log.
  const say = (text: string) =>
    config.production ? logger.log(text, 'run') : void process.stdout.write(`${text}\n`);
  started = { app, say };
  say(whatRuns(config));
}

async function startHttp(config: Config, logger: LoggerService): Promise<INestApplicationContext> {
  const app = await onceDatabaseIsThere(config, logger, () => prepareHttp(config, logger));
  try {
    // Fastify's own listen: Nest's logs a failure before it throws it, and one line about it is enough.
    await app.getHttpAdapter().getInstance().listen({ port: config.port, host: config.host });
  } catch (error) {
    await app.close().catch(() => undefined);
    throw error;
  }
  return app;
}

/** Everything but the port: connected, with the demo data in. */
async function prepareHttp(config: Config, logger: LoggerService): Promise<NestFastifyApplication> {
  const app = await createHttpApp(config, logger);
  try {
    await app.init();
    if (config.demo) await putInDemo(app);
  } catch (error) {
    await app.close().catch(() => undefined);
    throw error;
  }
  return app;
}

async function startWorker(config: Config, logger: LoggerService): Promise<INestApplicationContext> {
  const app = await onceDatabaseIsThere(config, logger, () =>
    NestFactory.createApplicationContext(WorkerModule.with(config), { logger, abortOnError: false }),
  );
  // Ends with the process: a scrape that is under way is no reason to wait.
  serveMetrics(config, app.get(Metrics));
  return app;
}

function whatRuns(config: Config): string {
  if (config.role === 'worker') return `${config.appName} worker: a tick every ${config.tickIntervalMs} ms`;
  return config.production
    ? `${config.appName} listens on ${config.host}, port ${config.port}`
    : welcome(config);
}

/**
 * Lets what is under way finish and ends the process with 0; at once on a second signal. While it is still starting
 * there is nothing to finish. (As process 1 of a container it gets no signal that it does not ask for.)
 */
function stopOnSignal(whatStarted: () => Started | undefined): void {
  let stopping = false;
  const stop = (signal: string) => {
    const started = whatStarted();
    if (started === undefined) process.exit(0);
    if (stopping) {
      process.stderr.write('Stopping at once.\n');
      process.exit(1);
    }
    stopping = true;
    started.say(`${signal}: finishing what is under way. Once more stops at once.`);
    setTimeout(() => {
      process.stderr.write(`Not finished after ${STOP_LIMIT_MS / 1_000} seconds: stopping at once.\n`);
      process.exit(1);
    }, STOP_LIMIT_MS).unref();
    started.app.close().then(
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
