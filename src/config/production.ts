import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { Settings } from './settings';

/** Different characters in a secret at least. 32 random hexadecimal digits have 9 or fewer once in 10,000 times. */
const LEAST_VARIETY = 10;
/** No piece this long comes twice in a random secret. */
const PIECE = 8;
const EVERYBODY_KNOWS =
  /change.?(me|this|it)|replace.?(me|this|it)|your.?(secret|key|jwt|token)|(my|super|jwt|top).?secret|example|password|passw0rd|placeholder|default|qwerty/i;

/**
 * What these settings say that production must not start with, each as a sentence that names its setting and the cure;
 * empty when there is nothing. Values are never repeated.
 */
export function faultsInProduction(wanted: Settings): string[] {
  const { JWT_SECRET, JWT_SECRET_PREVIOUS, METRICS_TOKEN, REDIS_URL } = wanted;
  const faults: string[] = [];
  if (JWT_SECRET === undefined) {
    faults.push(`JWT_SECRET is missing: production needs one of 32 characters or more. ${MAKE_ONE}`);
  }
  for (const [name, secret] of Object.entries({ JWT_SECRET, JWT_SECRET_PREVIOUS, METRICS_TOKEN })) {
    const fault = secret === undefined ? undefined : weaknessOf(secret);
    if (fault !== undefined) faults.push(`${name} can be guessed: ${fault}. ${MAKE_ONE}`);
  }
  if (METRICS_TOKEN !== undefined && [JWT_SECRET, JWT_SECRET_PREVIOUS].includes(METRICS_TOKEN)) {
    faults.push(
      `METRICS_TOKEN must not be JWT_SECRET, nor the one before it: whoever reads figures could sign tokens. ${MAKE_ONE}`,
    );
  }
  if (wanted.DEMO === true) {
    faults.push(
      'DEMO=true puts in accounts whose password everybody knows: take it away, or start without NODE_ENV=production.',
    );
  }
  if (REDIS_URL?.split(',').some(isOpenToTheWorld)) {
    faults.push(
      'REDIS_URL has no password and leads out of this network: give Redis one (redis://:password@host:6379), or use an address of the private network.',
    );
  }
  return faults;
}

const MAKE_ONE = 'Make one with: openssl rand -base64 48.';

/** Why somebody could come upon this secret, or `undefined`. A simple measure: it finds what people type, not bad chance. */
function weaknessOf(secret: string): string | undefined {
  if (EVERYBODY_KNOWS.test(secret)) return 'it holds a word that stands in examples';
  if (new Set(secret).size < LEAST_VARIETY) return `it has fewer than ${LEAST_VARIETY} different characters`;
  for (let at = 0; at + PIECE <= secret.length; at += 1) {
    if (secret.includes(secret.slice(at, at + PIECE), at + PIECE)) return 'a piece of it comes again';
  }
  return undefined;
}

const PRIVATE = new BlockList();
for (const [network, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  PRIVATE.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  PRIVATE.addSubnet(network, bits, 'ipv6');

/** Whether a Redis without a password may be where others reach it. A name without a dot is one of a container network. */
function isOpenToTheWorld(address: string): boolean {
  const { password, hostname } = new URL(address.trim());
  if (password !== '') return false;
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIPv4(host)) return !PRIVATE.check(host, 'ipv4');
  if (isIPv6(host)) return !PRIVATE.check(host, 'ipv6');
  return host.includes('.') && !/\.(localhost|local|internal|lan|home\.arpa)$/i.test(host);
}
