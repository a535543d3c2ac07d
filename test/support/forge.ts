import { createHmac, createPrivateKey, sign as signRsa, type KeyObject } from 'node:crypto';
import type { KeyRing } from '../../src/config';

const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token put together by hand, header and claims as given (a string as it stands), under an HMAC by this key. */
export function tokenOf(header: unknown, claims: unknown, key: KeyObject | Buffer, hash = 'sha256'): string {
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}

/** The same under RS256. */
export function rsaTokenOf(header: unknown, claims: unknown, privateKeyPem: string): string {
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${signRsa('RSA-SHA256', Buffer.from(signed), createPrivateKey(privateKeyPem)).toString('base64url')}`;
}

/** The header of a token that this ring signs. */
export const headerOf = (ring: KeyRing, typ: string) => ({ alg: 'HS256', typ, kid: ring.signing.id });

/** Seconds since 1970, as claims tell times. */
export const seconds = (fromNow: number): number => Math.floor(Date.now() / 1_000) + fromNow;
