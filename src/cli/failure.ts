import { ConfigError, type Config } from '../config/index';
import { databaseFailure, DatabaseFailure, EmbeddedPostgresError } from '../platform/database/index';
import { Problem, type ProblemCode } from '../platform/http/index';

/** What a command ends with. */
export const EXIT = {
  ok: 0,
  /** What was checked is not right, what was looked for is not there, what was asked was declined. */
  no: 1,
  /** It could not be tried: wrong usage, a wrong setting, the database away. */
  unusable: 2,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A command that cannot do what it was asked: one sentence with the cause, one with the cure. */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    readonly code: string,
    message: string,
    readonly exitCode: ExitCode = EXIT.no,
  ) {
    super(message);
  }
}

interface SystemError extends Error {
  readonly code?: string;
  readonly path?: string;
}

/** Any error as a failure that a person can act on. */
export function toFailure(error: unknown, config?: Config): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof ConfigError) return new Failure('wrong-setting', error.message, EXIT.unusable);
  const database =
    error instanceof EmbeddedPostgresError || error instanceof DatabaseFailure
      ? error
      : databaseFailure(error, config?.databaseUrl);
  if (database !== undefined)
    return new Failure('database', `${database.message} ${database.cure}`, EXIT.unusable);
  if (error instanceof Problem) return fromProblem(error);
  const failure = error as SystemError;
  if (
    ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EISDIR', 'ENOTDIR'].includes(failure.code ?? '') &&
    failure.path !== undefined
  ) {
    const cure = cureOf(failure.code!);
    return new Failure(
      'file',
      `${failure.path} cannot be used (${failure.code}). ${cure} and try again.`,
      EXIT.unusable,
    );
  }
  const where = /debug|trace/.test(config?.logLevel ?? '')
    ? `\n${failure.stack}`
    : ' LOG_LEVEL=debug shows where.';
  return new Failure(
    'defect',
    `Something broke in Tixline itself: ${failure.message}.${where}`,
    EXIT.unusable,
  );
}

function cureOf(code: string): string {
  if (/ENOSPC|EDQUOT/.test(code)) return 'Free some space';
  if (code === 'ENOTDIR') return 'A file stands where a folder should: take it away';
  return 'Give it to the user who runs this command';
}

/** Problems whose sentence says everything already. */
const PLAIN: readonly ProblemCode[] = [
  'not-found',
  'sale-not-open',
  'bad-request',
  'no-such-ticket-type',
  'over-limit',
];

function fromProblem(problem: Problem): Failure {
  const fields = problem.errors.map(({ pointer, message }) => `${pointer.slice(1)}: ${message}`).join('; ');
  const detail = problem.message === problem.title ? '' : problem.message;
  const sentences = PLAIN.includes(problem.code)
    ? [problem.message]
    : [`${problem.title}${fields && `: ${fields}`}.`, detail];
  const exitCode = problem.status === 503 || problem.code === 'invalid-body' ? EXIT.unusable : EXIT.no;
  return new Failure(problem.code, sentences.filter(Boolean).join(' '), exitCode);
}
