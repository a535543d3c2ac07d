import type { INestApplicationContext } from '@nestjs/common';
import { CONFIG, loadConfig, type Config } from '../config/index';
import type { Needs } from './cli.module';
import { openTixline } from './context';
import { EXIT, toFailure, type ExitCode } from './failure';
import { paint, pageOf, type Page } from './page';

/**
 * One command: what it does with an open Tixline, and how its answer looks to a person. A machine gets the answer itself
 * as JSON, so its fields are names to rely on.
 */
export interface Task<Options, Answer> {
  readonly needs: Needs;
  /** Before anything is opened: asks what is missing, throws `Failure` for what cannot be. */
  readonly prepare?: (options: Options, config: Config) => Promise<Options>;
  readonly work: (tixline: INestApplicationContext, options: Options) => Promise<Answer>;
  readonly show: (answer: Answer, page: Page) => string;
  /** Whether the answer is the one hoped for; exit code 1 when not. Without it every answer is. */
  readonly holds?: (answer: Answer) => boolean;
}

/** Runs a task from opening to closing, prints its answer or its failure, and answers the exit code. Never rejects. */
export async function runTask<Options, Answer>(
  task: Task<Options, Answer>,
  options: Options & { json?: boolean },
): Promise<ExitCode> {
  let config: Config | undefined;
  let tixline: INestApplicationContext | undefined;
  try {
    config = loadConfig();
    const prepared = (await task.prepare?.(options, config)) ?? options;
    tixline = await openTixline(config, task.needs);
    const answer = await task.work(tixline, prepared);
    const text = options.json ? `${JSON.stringify(answer, null, 2)}\n` : task.show(answer, pageOf(process.stdout));
    process.stdout.write(text);
    return (task.holds?.(answer) ?? true) ? EXIT.ok : EXIT.no;
  } catch (error) {
    return report(error, config, options.json ?? false);
  } finally {
    await tixline?.close().catch(() => undefined);
  }
}

/** Says what went wrong, to a person on standard error and to a machine on standard output. Answers the exit code. */
export function report(error: unknown, config: Config | undefined, json: boolean): ExitCode {
  const failure = toFailure(error, config);
  process.stderr.write(`${paint(pageOf(process.stderr), 'red', 'tixline:')} ${failure.message}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ error: { code: failure.code, message: failure.message } }, null, 2)}\n`);
  return failure.exitCode;
}

/** The settings of an open Tixline. */
export function configOf(tixline: INestApplicationContext): Config {
  return tixline.get<Config>(CONFIG);
}
