import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/index';
import { ROLES, type Identity, type Role } from './identity';
import { Marks } from './marks';
import { SignedTokens } from './signed-tokens';

/** RFC 9068. */
const KIND = { type: 'at+jwt', issuer: 'tixline', audience: 'tixline-api' };
/** Longer than any header with a token of ours: it is refused unread. */
const LONGEST = 1_024;
/**
 * Whose role lets them do more than buy loses it within this time after it was taken from them: a token says what its
 * person was when it was signed.
 */
const LONGEST_WITH_A_ROLE_S = 15 * 60;
/** Headers with verified tokens remembered at once; about 400 bytes each. */
const REMEMBERED = 50_000;

interface Claims {
  role: Role;
}

/**
 * Access tokens, looked at once. Verifying costs about 40 µs, a request at the height of a
 * rush should not, so a verified token is remembered until it ends; its end is checked every time.
 */
@Injectable()
export class AccessTokens {
  private readonly known = new Map<string, Identity>();
  private readonly tokens: SignedTokens;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly marks: Marks,
  ) {
    this.tokens = new SignedTokens(config.keys.access, KIND);
  }

  /** How long a new token of this role is good for. */
  lifetimeSeconds(role: Role): number {
    const seconds = this.config.accessTokenMinutes * 60;
    return role === 'attendee' ? seconds : Math.min(seconds, LONGEST_WITH_A_ROLE_S);
  }

  /** A new token for this person. */
  sign(userId: number, role: Role): string {
    const expiresIn = this.lifetimeSeconds(role);
    return this.tokens.sign({ role }, { subject: String(userId), expiresIn, id: randomUUID() });
  }

  /**
   * Who sends this `Authorization` header, or `undefined` when it is not `Bearer` with a valid access token of ours
   * (RFC 6750, RFC 8725). Remembered by the whole header: taking the token out of it costs more than finding it.
   */
  identify(authorization: string | undefined): Identity | undefined {
    if (authorization === undefined) return undefined;
    const known = this.known.get(authorization);
    if (known !== undefined) {
      if (known.expiresAtMs > Date.now()) return known;
      this.known.delete(authorization);
      return undefined;
    }
    if (authorization.length > LONGEST || !/^bearer /i.test(authorization)) return undefined;
    const identity = this.verify(authorization.slice('bearer '.length).trim());
    if (identity !== undefined) this.remember(authorization, identity);
    return identity;
  }

  private verify(token: string): Identity | undefined {
    const claims = this.tokens.read<Claims>(token);
    if (claims === undefined || claims === 'expired') return undefined;
    const userId = Number(claims.sub);
    if (!Number.isInteger(userId) || !ROLES.includes(claims.role)) return undefined;
    return { userId, role: claims.role, mark: this.marks.of(userId), expiresAtMs: claims.exp * 1_000 };
  }

  private remember(authorization: string, identity: Identity): void {
    if (this.known.size >= REMEMBERED) {
      // A Map walks in the order of insertion: the oldest tenth goes.
      let toDrop = REMEMBERED / 10;
      for (const old of this.known.keys()) {
        this.known.delete(old);
        if ((toDrop -= 1) === 0) break;
      }
    }
    this.known.set(authorization, identity);
  }
}
