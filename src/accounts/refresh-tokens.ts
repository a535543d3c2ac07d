import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/index';

export const REFRESH_DAYS = 14;

export interface RefreshToken {
  readonly token: string;
  readonly userId: number;
}

/**
 * Refresh tokens: random, kept only as a hash, good for one use. Each use gives the next one of the same family; a
 * token that comes a second time was copied, and ends the family (RFC 9700, section 4.14.2).
 */
@Injectable()
export class RefreshTokens {
  constructor(private readonly database: Database) {}

  /** Begins a family: one sign-in on one device. */
  async begin(userId: number): Promise<RefreshToken> {
    return { token: await this.add(userId, randomUUID()), userId };
  }

  /**
   * Exchanges a token for the next. Answers `undefined` when it is unknown, over, revoked or used before.
   * One statement: whoever comes second finds the next token there already, and ends it with the family.
   */
  async exchange(token: string): Promise<RefreshToken | undefined> {
    const next = randomBytes(32).toString('base64url');
    const { rows } = await this.database.query<{ user_id: number }>(
      `WITH used AS (
         UPDATE refresh_tokens t SET used_at = now()
           FROM users u
          WHERE t.token_hash = $1 AND t.used_at IS NULL AND t.revoked_at IS NULL AND t.expires_at > now()
            AND u.id = t.user_id AND u.active
         RETURNING t.family, t.user_id)
       INSERT INTO refresh_tokens (token_hash, family, user_id, expires_at)
       SELECT $2, family, user_id, now() + make_interval(days => $3) FROM used
       RETURNING user_id`,
      [digest(token), digest(next), REFRESH_DAYS],
    );
    const [row] = rows;
    if (row === undefined) {
      await this.end(token);
      return undefined;
    }
    return { token: next, userId: row.user_id };
  }

  /** Ends the family this token belongs to; nothing happens when it is unknown. */
  async end(token: string): Promise<void> {
    await this.database.query(
      `UPDATE refresh_tokens SET revoked_at = now()
        WHERE family = (SELECT family FROM refresh_tokens WHERE token_hash = $1) AND revoked_at IS NULL`,
      [digest(token)],
    );
  }

  /** Adds a token of this family, and takes the opportunity to remove the same person's that are over. */
  private async add(userId: number, family: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.database.query(
      `WITH over AS (DELETE FROM refresh_tokens WHERE user_id = $3 AND expires_at < now())
       INSERT INTO refresh_tokens (token_hash, family, user_id, expires_at)
       VALUES ($1, $2, $3, now() + make_interval(days => $4))`,
      [digest(token), family, userId, REFRESH_DAYS],
    );
    return token;
  }
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
