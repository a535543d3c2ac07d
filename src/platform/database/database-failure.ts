import { isDatabaseAway } from './database-errors';

/** Why the database cannot be used: `message` is the cause and `cure` what to do about it, fit to be shown to a person. */
export class DatabaseFailure extends Error {
  override readonly name = 'DatabaseFailure';

  constructor(
    message: string,
    readonly cure: string,
  ) {
    super(message);
  }
}

/**
 * What is wrong with the way to the database at `url` (`undefined` for the embedded one), without what must not be
 * shown; `undefined` when the error is about something else.
 */
export function databaseFailure(error: unknown, url: string | undefined): DatabaseFailure | undefined {
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
  const where = whereIs(url);
  if (code === '28P01' || code === '28000') {
    return new DatabaseFailure(
      `The database at ${where} refuses the user or the password of DATABASE_URL.`,
      'Put them right.',
    );
  }
  if (code === '3D000') {
    return new DatabaseFailure(
      `The database that DATABASE_URL names does not exist at ${where}.`,
      'Create it (createdb) or name another.',
    );
  }
  if (code === '42501') {
    return new DatabaseFailure(
      `The user of DATABASE_URL lacks a right: ${message}.`,
      'Make it the owner of the database.',
    );
  }
  if (code === 'ENOTFOUND') {
    return new DatabaseFailure(`There is no host ${where} as DATABASE_URL says.`, 'Put the name right.');
  }
  if (!isDatabaseAway(error)) return undefined;
  return new DatabaseFailure(
    `The database at ${where} cannot be reached (${code || message}).`,
    'Start it, or put DATABASE_URL right.',
  );
}

/** What a start ends with after `error`: the same when the database is away, else a `DatabaseFailure`. */
export function startFailure(error: unknown, url: string | undefined): unknown {
  if (isDatabaseAway(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return (
    databaseFailure(error, url) ??
    new DatabaseFailure(
      `The database at ${whereIs(url)} cannot be used: ${reason}.`,
      'Put that right, or give Tixline a database of its own, and start again.',
    )
  );
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
