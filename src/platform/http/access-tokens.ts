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

/**
 * Access tokens, looked at once. Verifying costs about 40 µs, a request at the height of a
 * rush should not, so a verified token is remembered until it ends; its end is checked every time.
 */
@Injectable()
export class AccessTokens {
  private readonly known = new Map<string, Identity>();
  /** Whose tokens are worth nothing any more, and from when on none of theirs can be left. */
  private readonly ended = new Map<number, number>();
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

  /** How long the longest-lived token is good for. */
  get longestLifetimeSeconds(): number {
    return this.config.accessTokenMinutes * 60;
  }

  /** From now on this process takes no token of this person: of somebody who is gone for good. */
  endAllOf(userId: number): void {
    if (this.ended.has(userId)) return;
    const now = Date.now();
    for (const [gone, atMs] of this.ended) {
      if (atMs > now) break;
      this.ended.delete(gone);
    }
    this.ended.set(userId, now + this.longestLifetimeSeconds * 1_000);
    for (const [header, identity] of this.known) if (identity.userId === userId) this.known.delete(header);
  }

  /** Whether `endAllOf` was told of this person. */
  hasEnded(userId: number): boolean {
    return this.ended.has(userId);
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
    const claims = this.tokens.read(token);
    if (claims === undefined || claims === 'expired') return undefined;
    const userId = Number(claims.sub);
    const role = ROLES.find((known) => known === claims.role);
    if (!Number.isInteger(userId) || role === undefined || this.ended.has(userId)) return undefined;
    return { userId, role, mark: this.marks.of(userId), expiresAtMs: claims.exp * 1_000 };
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
