import type { FastifyRequest } from 'fastify';

/**
 * Who an address belongs to: one IPv4 address, or a network of IPv6, of which each household has 2^64 addresses. Which
 * proxies are believed about it is TRUST_PROXY's business.
 */
export function networkOf({ ip }: FastifyRequest): string {
  if (!ip.includes(':')) return ip;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip);
  if (mapped !== null) return mapped[1]!;
  const [head = '', tail = ''] = ip.split('%', 1)[0]!.split('::');
  const first = head.split(':').filter(Boolean);
  const last = ip.includes('::') ? tail.split(':').filter(Boolean) : [];
  const all = [...first, ...Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0'), ...last];
  return `${all
    .slice(0, 4)
    .map((part) => part.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':')}::/64`;
}
