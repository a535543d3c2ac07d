import { createHash, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** A key with the name that tokens signed with it carry. */
export interface NamedKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** The keys of one purpose: the newest signs, each of them reads. */
export interface KeyRing {
  readonly signing: NamedKey;
  /** By their names: a token's `kid` is looked up here and nowhere else. */
  readonly reading: ReadonlyMap<string, KeyObject>;
}

/** The keys for one purpose out of the secret, and out of the one before it. */
export function keyRing(purpose: string, secret: string, previous: string | undefined): KeyRing {
  const signing = named(purpose, secret);
  const all = previous === undefined ? [signing] : [signing, named(purpose, previous)];
  return { signing, reading: new Map(all.map(({ id, key }) => [id, key])) };
}

/** One key per purpose out of one secret (RFC 5869). */
export function keyFor(purpose: string, secret: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, 'tixline', purpose, 32)));
}

/** The name follows from the key, so that all processes with one secret agree without being told. It gives nothing away. */
function named(purpose: string, secret: string): NamedKey {
  const key = keyFor(purpose, secret);
  const id = createHash('sha256').update('kid').update(key.export()).digest('base64url').slice(0, 6);
  return { id, key };
}
