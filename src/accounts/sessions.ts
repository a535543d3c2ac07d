import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/index';
import type { UserDto } from './accounts.dto';

export const REFRESH_DAYS = 14;
/** Of one account: what has all of them ended or shown must not take without end. */
const AT_ONCE = 100;

/** The next token of a session, and whose it is. */
export interface Renewed {
  readonly token: string;
  readonly user: UserDto;
}

/**
 * Purpose  begin a session of somebody who is there: whoever closes or erases the account meanwhile is waited for; those
 *          that were not used for longest make room
 * $1 session   $2 hash of the token's secret   $3 user id   $4 days for which it is good   $5 how many others stay at most
 * Returns  one row, none when the account is closed
 */
const BEGIN = `
  WITH begun AS (
    INSERT INTO sessions (id, token_hash, user_id, expires_at)
    SELECT $1, $2, id, now() + make_interval(days => $4) FROM users WHERE id = $3 AND active FOR SHARE
    RETURNING user_id),
  old AS (
    DELETE FROM sessions WHERE id IN (
      SELECT id FROM sessions WHERE user_id = (SELECT user_id FROM begun)
       ORDER BY renewed_at DESC OFFSET $5 FOR UPDATE SKIP LOCKED))
  SELECT FROM begun`;

/**
 * Purpose  put the next hash in place of the one that was shown
 * $1 session   $2 the hash that was shown   $3 the next   $4 days for which it is good
 * Returns  whose session it is; none when it is unknown, over or ended, or that hash is not its present one
 */
const RENEW = `
  UPDATE sessions s SET token_hash = $3, renewed_at = now(), expires_at = now() + make_interval(days => $4)
    FROM users u
   WHERE s.id = $1 AND s.token_hash = $2 AND s.revoked_at IS NULL AND s.expires_at > now()
     AND u.id = s.user_id AND u.active
  RETURNING u.id, u.name, u.email, u.role`;

/** Purpose  end a session   $1 session */
const END = `UPDATE sessions SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL`;

/**
 * Sessions: one sign-in on one device each, one row however often it is renewed. A refresh token is the session's id and a
 * random secret, kept only as a hash and good for one use. Each use gives the next one; any other that comes with the id
 * was copied, and ends the session (RFC 9700, section 4.14.2). So the id is shown to nobody without its secret.
 */
@Injectable()
export class Sessions {
  constructor(private readonly database: Database) {}

  /** Begins one. Answers its first token, or `undefined` when the account is closed. */
  async begin(userId: number): Promise<string | undefined> {
    const id = randomUUID();
    const secret = newSecret();
    const values = [id, digest(secret), userId, REFRESH_DAYS, AT_ONCE - 1];
    const { rowCount } = await this.database.query(BEGIN, values);
    return rowCount === 1 ? `${id}.${secret}` : undefined;
  }

  /**
   * Exchanges a token for the next. Answers `undefined` when it is unknown, over, ended or used before.
   * One statement: whoever comes second finds another hash there already, and ends the session. It answers the person
   * too: a second question that failed would leave the caller with the old token, which is used.
   */
  async renew(token: string): Promise<Renewed | undefined> {
    const shown = partsOf(token);
    if (shown === undefined) return undefined;
    const secret = newSecret();
    const { rows } = await this.database.query<UserDto>(RENEW, [
      shown.id,
      digest(shown.secret),
      digest(secret),
      REFRESH_DAYS,
    ]);
    const [user] = rows;
    if (user !== undefined) return { token: `${shown.id}.${secret}`, user };
    await this.database.query(END, [shown.id]);
    return undefined;
  }

  /** Ends the session this token belongs to; nothing happens when it is unknown. */
  async end(token: string): Promise<void> {
    const shown = partsOf(token);
    if (shown !== undefined) await this.database.query(END, [shown.id]);
  }
}

const TOKEN = /^([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\.([\w-]{43})$/;

function partsOf(token: string): { id: string; secret: string } | undefined {
  const [, id, secret] = TOKEN.exec(token) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
