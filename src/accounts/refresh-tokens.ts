import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/index';
import type { UserDto } from './accounts.dto';

export const REFRESH_DAYS = 14;

/** The next token of a session, and whose it is. */
export interface Exchanged {
  readonly token: string;
  readonly user: UserDto;
}

/**
 * Refresh tokens: random, kept only as a hash, good for one use. Each use gives the next one of the same family; a
 * token that comes a second time was copied, and ends the family (RFC 9700, section 4.14.2).
 */
@Injectable()
export class RefreshTokens {
  constructor(private readonly database: Database) {}

  /** Begins a family: one sign-in on one device. Answers its first token. */
  async begin(userId: number): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.database.query(
      `INSERT INTO refresh_tokens (token_hash, family, user_id, expires_at)
       VALUES ($1, $2, $3, now() + make_interval(days => $4))`,
      [digest(token), randomUUID(), userId, REFRESH_DAYS],
    );
    return token;
  }

  /**
   * Exchanges a token for the next. Answers `undefined` when it is unknown, over, revoked or used before.
   * One statement: whoever comes second finds the next token there already, and ends it with the family. It answers the
   * person too: a second question that failed would leave the caller with the old token, which is used.
   */
  async exchange(token: string): Promise<Exchanged | undefined> {
    const next = randomBytes(32).toString('base64url');
    const { rows } = await this.database.query<UserDto>(
      `WITH used AS (
         UPDATE refresh_tokens t SET used_at = now()
           FROM users u
          WHERE t.token_hash = $1 AND t.used_at IS NULL AND t.revoked_at IS NULL AND t.expires_at > now()
            AND u.id = t.user_id AND u.active
         RETURNING t.family, u.id, u.name, u.email, u.role),
       next AS (
         INSERT INTO refresh_tokens (token_hash, family, user_id, expires_at)
         SELECT $2, family, id, now() + make_interval(days => $3) FROM used)
       SELECT id, name, email, role FROM used`,
      [digest(token), digest(next), REFRESH_DAYS],
    );
    const [user] = rows;
    if (user === undefined) {
      await this.end(token);
      return undefined;
    }
    return { token: next, user };
  }

  /** Ends the family this token belongs to; nothing happens when it is unknown. */
  async end(token: string): Promise<void> {
    await this.database.query(
      `UPDATE refresh_tokens SET revoked_at = now()
        WHERE family = (SELECT family FROM refresh_tokens WHERE token_hash = $1) AND revoked_at IS NULL`,
      [digest(token)],
    );
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
