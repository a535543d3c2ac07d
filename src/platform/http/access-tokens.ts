import { createHmac, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { CONFIG, type Config } from '../../config/index';
import { markOf } from '../../shared/standing-id';
import { ROLES, type Identity, type Role } from './identity';

const ISSUER = 'tixline';
const AUDIENCE = 'tixline-api';
const TYPE = 'at+jwt'; // RFC 9068
/** Longer than any header with a token of ours: what is longer is refused unread. */
const LONGEST = 1_024;
/** Headers with verified tokens remembered at once; about 400 bytes each. */
const REMEMBERED = 50_000;

interface Claims {
  sub: string;
  role: Role;
  exp: number;
}

/**
 * Access tokens: signed by `@nestjs/jwt`, and looked at once. Verifying costs about 40 µs, a request at the height of a
 * rush should not, so a verified token is remembered until it ends; its end is checked every time.
 */
@Injectable()
export class AccessTokens {
  private readonly known = new Map<string, Identity>();
  private readonly jwt: JwtService;
  readonly lifetimeSeconds: number;

  constructor(@Inject(CONFIG) private readonly config: Config) {
    this.lifetimeSeconds = config.accessTokenMinutes * 60;
    // A key object: with a string, jsonwebtoken makes one anew at every call, ten times the cost.
    this.jwt = new JwtService({
      secretOrKeyProvider: () => config.keys.access,
      signOptions: {
        algorithm: 'HS256',
        header: { alg: 'HS256', typ: TYPE },
        issuer: ISSUER,
        audience: AUDIENCE,
        expiresIn: this.lifetimeSeconds,
      },
      verifyOptions: { algorithms: ['HS256'], issuer: ISSUER, audience: AUDIENCE, complete: true },
    });
  }

  /** A new token for this person. */
  sign(userId: number, role: Role): string {
    return this.jwt.sign({ role }, { subject: String(userId), jwtid: randomUUID() });
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

  /** The mark of a person's request ids: only we can make it, and it is the same for all their requests. */
  markOf(userId: number): string {
    return markOf(createHmac('sha256', this.config.keys.mark).update(`user ${userId}`).digest());
  }

  private verify(token: string): Identity | undefined {
    try {
      const { header, payload } = this.jwt.verify<{ header: { typ?: string }; payload: Claims }>(token);
      const userId = Number(payload.sub);
      if (header.typ !== TYPE || !Number.isInteger(userId) || !ROLES.includes(payload.role)) return undefined;
      return { userId, role: payload.role, mark: this.markOf(userId), expiresAtMs: payload.exp * 1_000 };
    } catch {
      return undefined;
    }
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
