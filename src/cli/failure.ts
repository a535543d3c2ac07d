import { ConfigError, type Config } from '../config/index';
import { EmbeddedPostgresError, isDatabaseAway } from '../platform/database/index';
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
  if (error instanceof EmbeddedPostgresError) {
    return new Failure('database', `${error.message} ${error.cure}`, EXIT.unusable);
  }
  if (error instanceof Problem) return fromProblem(error);
  const failure = error as SystemError;
  const database = databaseFailure(failure, config);
  if (database !== undefined) return new Failure('database', database, EXIT.unusable);
  if (
    ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EISDIR'].includes(failure.code ?? '') &&
    failure.path !== undefined
  ) {
    const cure = /ENOSPC|EDQUOT/.test(failure.code!)
      ? 'Free some space'
      : 'Give it to the user who runs this command';
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

/** What is wrong with the way to the database, and the cure; `undefined` when it is something else. */
function databaseFailure(error: SystemError, config: Config | undefined): string | undefined {
  const where = whereIs(config?.databaseUrl);
  const { code = '' } = error;
  if (code === '28P01' || code === '28000') {
    return `The database at ${where} refuses the user or the password of DATABASE_URL. Put them right.`;
  }
  if (code === '3D000') {
    return `The database that DATABASE_URL names does not exist at ${where}. Create it (createdb) or name another.`;
  }
  if (code === '42501') {
    return `The user of DATABASE_URL lacks a right: ${error.message}. Make it the owner of the database.`;
  }
  if (code === 'ENOTFOUND') return `There is no host ${where} as DATABASE_URL says. Put the name right.`;
  if (!isDatabaseAway(error)) return undefined;
  return `The database at ${where} cannot be reached (${code || error.message}). Start it, or put DATABASE_URL right.`;
}

/** Host and port of a URL, without what must not be shown. */
function whereIs(url: string | undefined): string {
  if (url === undefined) return 'DATA_DIR';
  try {
    return new URL(url).host;
  } catch {
    return 'DATABASE_URL';
  }
}
