import { readFileSync, statSync } from 'node:fs';
import type { Place } from './place.ts';

/**
 * Why the embedded PostgreSQL cannot be used: `message` is the cause and `cure` what to do about it,
 * each in plain words fit to be shown to the person who started Tixline.
 */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  readonly cure: string;

  constructor(message: string, cure: string) {
    super(message);
    this.cure = cure;
  }
}

/** Turns anything thrown into an `EmbeddedPostgresError` that begins with `summary`; one that is one already stays. */
export function asEmbeddedPostgresError(
  summary: string,
  error: unknown,
  place: Place,
): EmbeddedPostgresError {
  if (error instanceof EmbeddedPostgresError) return error;
  return explainFailure(summary, error instanceof Error ? error.message : String(error), place);
}

/** Says what the `output` of a program that failed means: by name for common faults, else in the program's own words. */
export function explainFailure(summary: string, output: string, place: Place): EmbeddedPostgresError {
  const line = lastTellingLine(output);
  if (/no space left on device|disk is full|quota exceeded|ENOSPC|EDQUOT/i.test(output)) {
    return new EmbeddedPostgresError(
      `${summary}: the disk that holds ${place.dataDir} is full.`,
      'Free some space, or point DATA_DIR at a larger disk, and start again.',
    );
  }
  if (/address already in use|could not create any TCP\/IP sockets/i.test(output)) {
    return new EmbeddedPostgresError(
      `${summary}: another program took its port.`,
      'Start again: another free port is chosen.',
    );
  }
  if (/permission denied|EACCES|EPERM|EROFS|read-only file system/i.test(output)) {
    return new EmbeddedPostgresError(
      `${summary}: ${place.dataDir} cannot be written (${line}).`,
      'Give the folder to the user who starts Tixline, or point DATA_DIR at one of their own.',
    );
  }
  return new EmbeddedPostgresError(
    `${summary}: ${line}`,
    `Read ${place.logFile}, put the cause right and start again.`,
  );
}

/** The line of a program's output that says what went wrong: the last error if there is one, else the last line. */
export function lastTellingLine(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.findLast((line) => /\b(fatal|panic|error):/i.test(line)) ?? lines.at(-1);
  return telling?.trim() ?? 'it said nothing';
}

/** How many bytes the log has now; 0 when there is none yet. */
export function logLength(place: Place): number {
  return statSync(place.logFile, { throwIfNoEntry: false })?.size ?? 0;
}

/** What PostgreSQL and the keeper have said since the log had `length` bytes. */
export function saidSince(place: Place, length: number): string {
  return readFileSync(place.logFile).toString('utf8', length);
}
