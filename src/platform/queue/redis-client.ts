import { Cluster, Redis } from 'ioredis';

export type RedisClient = Redis | Cluster;

/**
 * `offers`: refuses at once while Redis is away, so that nobody who asks for a ticket waits for it.
 * `work`: waits for Redis as long as it takes and sends again what was under way.
 */
export type ClientRole = 'offers' | 'work';

interface Target {
  readonly urls: readonly URL[];
  readonly cluster: boolean;
}

/**
 * Reads REDIS_URL. One `redis://` or `rediss://` (TLS) URL is one server: Redis, Valkey or Dragonfly. A Redis Cluster is
 * a list of some of its nodes, `redis://a:6379,redis://b:6379`, or one node with `?cluster=true` (a service with a
 * single "configuration endpoint"). User and password of the first URL hold for all nodes.
 * Throws on anything else; the message never repeats the URL, it may hold a password.
 */
export function parseRedisUrl(redisUrl: string): Target {
  const urls = redisUrl.split(',').map((part) => {
    if (!URL.canParse(part.trim()))
      throw new Error('REDIS_URL is not a URL, or a list of URLs with commas between');
    return new URL(part.trim());
  });
  if (urls.some((url) => url.protocol !== 'redis:' && url.protocol !== 'rediss:')) {
    throw new Error('REDIS_URL must begin with redis:// or rediss:// (each URL of a list)');
  }
  const asked = urls[0]?.searchParams.get('cluster') === 'true';
  for (const url of urls) url.searchParams.delete('cluster');
  return { urls, cluster: asked || urls.length > 1 };
}

/** Makes a client that connects, and connects again, by itself. The caller listens to its 'error' event. */
export function connectRedis(
  { urls, cluster }: Target,
  role: ClientRole,
  connectionName: string,
): RedisClient {
  const waits = role === 'work';
  const common = {
    connectionName,
    maxRetriesPerRequest: waits ? null : 1,
    connectTimeout: 2_000,
    // After a failover the old primary answers READONLY: connect anew and send the command again.
    reconnectOnError: (error: Error) => (error.message.startsWith('READONLY') ? 2 : false),
  };
  const first = urls[0] as URL;
  if (!cluster) return new Redis(first.href, { ...common, enableOfflineQueue: waits });

  const tls = first.protocol === 'rediss:';
  return new Cluster(
    urls.map((url) => ({ host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 6379) })),
    {
      enableOfflineQueue: waits,
      // A certificate names hosts: with TLS the nodes must be reached by name, not by the address behind it.
      ...(tls && {
        dnsLookup: (host: string, done: (error: null, address: string) => void) => done(null, host),
      }),
      redisOptions: {
        ...common,
        ...(first.username && { username: decodeURIComponent(first.username) }),
        ...(first.password && { password: decodeURIComponent(first.password) }),
        ...(tls && { tls: {} }),
      },
    },
  );
}
