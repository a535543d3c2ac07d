/** SQLSTATE classes and codes in which the server or the way to it is at fault, not the statement. */
const AWAY_STATES = /^(08...|57P0[123]|53[34]..|57014)$/;
const AWAY_CODES = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
]);
const AWAY_WORDS =
  /Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|not queryable|Database not ready/;

/** Whether an error says that the database is away, shutting down, full of connections or too slow to answer. */
export function isDatabaseAway(error: unknown): boolean {
  // By its fields and not by `instanceof`: errors of sockets may come from another realm than ours.
  const { code = '', message = '', syscall } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  // A file that is not there is another matter, unless it is the server's socket.
  if (code === 'ENOENT') return syscall === 'connect';
  return AWAY_CODES.has(code) || AWAY_STATES.test(code) || AWAY_WORDS.test(message);
}

/** Whether a statement broke a unique constraint (SQLSTATE 23505), and which when `constraint` is given. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const failure = error as { code?: unknown; constraint?: unknown } | null;
  return failure?.code === '23505' && (constraint === undefined || failure.constraint === constraint);
}

/** SQLSTATE of class 22 for a value that no statement could take: out of range, no date, no zone, not of its type. */
const NO_SUCH_VALUE = /^22(00[3789]|021|P0[25])$/;

/** Whether PostgreSQL refused a value that the caller gave. */
export function isRefusedValue(error: unknown): boolean {
  return NO_SUCH_VALUE.test((error as { code?: string } | null)?.code ?? '');
}

/** Whether a statement broke a CHECK constraint (SQLSTATE 23514). */
export function isCheckViolation(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === '23514';
}

/** Whether trying the whole transaction again is safe and useful: serialization failure or deadlock. */
export function isRetryable(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === '40001' || code === '40P01';
}
