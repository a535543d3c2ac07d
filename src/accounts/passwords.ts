import { Injectable } from '@nestjs/common';
import { Algorithm, hash, verify } from '@node-rs/argon2';
import { Problem } from '../platform/http/index';
import { Turns } from '../shared/turns';

/** Argon2id with m = 19 MiB, t = 2, p = 1 (OWASP password storage, RFC 9106). */
const PARAMETERS = { algorithm: Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Hashes at once: half of libuv's four threads, so that sign-ins never starve the rest of the process. */
const AT_ONCE = 2;
/** Sign-ins that may wait for their turn, about four seconds' worth; more are told to come back. */
const WAITING = 400;

/** Hashes and checks passwords, a bounded number at a time. */
@Injectable()
export class Passwords {
  private readonly turns = new Turns(
    AT_ONCE,
    { waiting: WAITING },
    () =>
      new Problem('unavailable', 'Too many people are signing in. Try again shortly.', {
        retryAfterSeconds: 3,
      }),
  );
  /** A hash that no password fits; made at the start, so that the first unknown address takes no longer than others. */
  private readonly decoy = hash('no account has this', PARAMETERS);

  /** The hash to keep, salt and parameters included. Throws `Problem` 503 when too many are waiting. */
  async hash(password: string): Promise<string> {
    return this.turns.take(() => hash(password, PARAMETERS));
  }

  /**
   * Whether the password fits the hash. Without a hash (an unknown account) it answers no after the same work, so that
   * the time taken tells nothing. Throws `Problem` 503 when too many are waiting.
   */
  async matches(password: string, hashed: string | undefined): Promise<boolean> {
    // What is no hash, the mark of an account that nobody signs in to, fits nothing either.
    const isHash = hashed?.startsWith('$argon2') === true;
    const against = isHash ? hashed : await this.decoy;
    const fits = await this.turns.take(() => verify(against, password));
    return fits && isHash;
  }

  /** Whether a hash was made with less than we ask for now, and should be made anew while the password is at hand. */
  isWeak(hashed: string): boolean {
    const { memoryCost, timeCost, parallelism } = PARAMETERS;
    return !hashed.startsWith(`$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$`);
  }
}
