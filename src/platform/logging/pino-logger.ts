import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
import { join } from 'node:path';
import { withoutSecrets } from '../../shared/secrets';
import { makeDataDir, type Config } from '../../config/index';

/** Bytes that wait in memory for a disk with room; beyond that lines are dropped. */
const MOST_UNWRITTEN = 1 << 20;

/**
 * The log: JSON lines, to standard output in production and to `DATA_DIR/tixline.log` on a development machine, where
 * the terminal is for people; there, warnings and errors are shown as well.
 */
export function createLog(config: Config): PinoLogger {
  const options = { level: config.logLevel, timestamp: pino.stdTimeFunctions.isoTime };
  if (config.production) return new PinoLogger(pino(options, destination({ dest: 1 })), false);
  makeDataDir(config.dataDir);
  const dest = join(config.dataDir, 'tixline.log');
  return new PinoLogger(pino(options, destination({ dest })), config.logLevel !== 'silent');
}

/**
 * Where lines go. One that cannot be written, because the disk is full, must not end a process that sells: it is kept and
 * written when it can be. Line by line, as `console.log` does: what gathers lines tries to write them out at the end of
 * the process, on a full disk for ever.
 */
function destination(where: { dest: string | number }): DestinationStream {
  const lines = pino.destination({ ...where, sync: true, maxLength: MOST_UNWRITTEN });
  return lines.on('error', () => undefined);
}

/** Nest's logger over pino. What is logged is a sentence and the part of the program it comes from, never a body or a token. */
export class PinoLogger implements LoggerService {
  constructor(
    private readonly pino: Logger,
    private readonly showWarnings: boolean,
  ) {}

  log(message: unknown, context?: string): void {
    this.pino.info({ context }, withoutSecrets(String(message)));
  }

  debug(message: unknown, context?: string): void {
    this.pino.debug({ context }, withoutSecrets(String(message)));
  }

  verbose(message: unknown, context?: string): void {
    this.pino.trace({ context }, withoutSecrets(String(message)));
  }

  warn(message: unknown, context?: string): void {
    this.pino.warn({ context }, withoutSecrets(String(message)));
    this.show('warning', message, context);
  }

  error(message: unknown, ...rest: string[]): void {
    const context = rest.at(-1);
    const stack = rest.length > 1 ? rest[0] : undefined;
    const hidden = stack === undefined ? stack : withoutSecrets(stack);
    this.pino.error({ context, stack: hidden }, withoutSecrets(String(message)));
    this.show('error', message, context);
  }

  fatal(message: unknown, context?: string): void {
    this.pino.fatal({ context }, withoutSecrets(String(message)));
    this.show('error', message, context);
  }

  private show(kind: string, message: unknown, context = 'tixline'): void {
    // Why a start failed is also thrown, and then told in one line by who catches it.
    if (context === 'ExceptionHandler') return;
    if (this.showWarnings) process.stderr.write(`${kind}: ${context}: ${withoutSecrets(String(message))}\n`);
  }
}
