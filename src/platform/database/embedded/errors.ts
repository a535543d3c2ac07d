/**
 * Why the embedded PostgreSQL cannot be used: `message` is the cause and `cure` what to do about it,
 * each one plain sentence fit to be shown to the person who started Tixline.
 */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  readonly cure: string;

  constructor(message: string, cure: string) {
    super(message);
    this.cure = cure;
  }
}

/** Turns anything thrown into an `EmbeddedPostgresError`; `where` names the folder for faults of the disk. */
export function asEmbeddedPostgresError(error: unknown, where: string): EmbeddedPostgresError {
  if (error instanceof EmbeddedPostgresError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return explainOutput(text, where) ?? new EmbeddedPostgresError(text, `Look at ${where}.`);
}

/** Names the faults that PostgreSQL's and the system's own words stand for; `undefined` for any other. */
export function explainOutput(text: string, where: string): EmbeddedPostgresError | undefined {
  if (/no space left on device|quota exceeded|ENOSPC|EDQUOT/i.test(text)) {
    return new EmbeddedPostgresError(
      `The disk that holds ${where} is full.`,
      'Free some space, or point DATA_DIR at a larger disk, and start again.',
    );
  }
  if (/address already in use|could not create any TCP\/IP sockets/i.test(text)) {
    return new EmbeddedPostgresError(
      'Another program took the port of the embedded PostgreSQL.',
      'Start again: another free port is chosen.',
    );
  }
  if (/permission denied|EACCES|EPERM|EROFS|read-only file system/i.test(text)) {
    return new EmbeddedPostgresError(
      `${where} cannot be written: ${lastTellingLine(text)}`,
      'Give the folder to the user who starts Tixline, or point DATA_DIR at one of their own.',
    );
  }
  return undefined;
}

/** The line of a program's output that says what went wrong: the last error if there is one, else the last line. */
export function lastTellingLine(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.findLast((line) => /\b(fatal|panic|error):/i.test(line)) ?? lines.at(-1);
  return telling?.trim() ?? 'it said nothing';
}
