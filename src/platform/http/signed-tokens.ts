import type { KeyObject } from 'node:crypto';
import { JwtService, TokenExpiredError } from '@nestjs/jwt';
import type { KeyRing } from '../../config/index';

/** Longer than any token of ours: what is longer is refused unread. */
const LONGEST = 1_024;
/** All that a header of ours holds. Whatever else one says (`jku`, `x5u`, `jwk`, `crit`) is not listened to but refused. */
const HEADER = ['alg', 'kid', 'typ'];
const ALGORITHM = 'HS256';

/** What tokens of one kind say beside the claims of each: the same for all of them. */
interface Kind {
  /** The header's `typ` (RFC 8725, section 3.11): a token of another kind is none of ours, whoever signed it. */
  readonly type: string;
  readonly issuer?: string;
  readonly audience?: string;
  /** False leaves `iat` out, where a token must be short. */
  readonly issuedAt?: false;
}

interface Signing {
  readonly subject: string;
  readonly expiresIn: number;
  readonly id?: string;
}

/**
 * Signed tokens of one kind (RFC 7519): one algorithm, keys by name out of our own ring, a type of their own. The newest
 * key signs; tokens that an earlier one signed are read until they end.
 */
export class SignedTokens {
  private readonly jwt: JwtService;

  constructor(
    private readonly keys: KeyRing,
    private readonly kind: Kind,
  ) {
    const { issuer, audience } = kind;
    const parties = { ...(issuer !== undefined && { issuer }), ...(audience !== undefined && { audience }) };
    // Key objects: with a string, jsonwebtoken makes one anew at every call, ten times the cost.
    this.jwt = new JwtService({
      secretOrKeyProvider: (_, token) => (typeof token === 'string' ? this.keyOf(token)! : keys.signing.key),
      signOptions: {
        algorithm: ALGORITHM,
        header: { alg: ALGORITHM, typ: kind.type, kid: keys.signing.id },
        noTimestamp: kind.issuedAt === false,
        ...parties,
      },
      verifyOptions: { algorithms: [ALGORITHM], ...parties },
    });
  }

  sign(claims: object, { subject, expiresIn, id }: Signing): string {
    return this.jwt.sign(claims, { subject, expiresIn, ...(id !== undefined && { jwtid: id }) });
  }

  /** What a token says; `undefined` when it is none of ours (changed, of another kind, by no key we know), or over. */
  read<Claims extends object>(
    token: string,
  ): (Claims & { sub: string; exp: number }) | 'expired' | undefined {
    if (token.length > LONGEST || this.keyOf(token) === undefined) return undefined;
    try {
      const claims = this.jwt.verify<Claims & { sub: unknown; exp: unknown }>(token);
      if (typeof claims.sub !== 'string' || typeof claims.exp !== 'number') return undefined;
      return claims as Claims & { sub: string; exp: number };
    } catch (error) {
      return error instanceof TokenExpiredError ? 'expired' : undefined;
    }
  }

  private keyOf(token: string): KeyObject | undefined {
    const header = readHeader(token);
    if (header === undefined || Object.keys(header).some((name) => !HEADER.includes(name))) return undefined;
    if (header['typ'] !== this.kind.type || header['alg'] !== ALGORITHM) return undefined;
    return this.keys.reading.get(header['kid'] as string);
  }
}

function readHeader(token: string): Record<string, unknown> | undefined {
  try {
    const header: unknown = JSON.parse(
      Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString(),
    );
    return typeof header === 'object' && header !== null ? (header as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
