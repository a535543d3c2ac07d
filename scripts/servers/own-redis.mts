/** A Redis of one's own: in memory only, on a free port of the loopback address. */
import { Redis } from 'ioredis';
import { freePort, startProcess, type OwnProcess, type Ready } from './own-process.mts';

export interface OwnRedis extends OwnProcess {
  readonly url: string;
}

export async function startRedis(): Promise<OwnRedis> {
  const port = await freePort();
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = await startProcess('redis-server', args, process.env, pongs(port));
  return { ...server, url: `redis://127.0.0.1:${port}` };
}

/** Whether the Redis at this port of the loopback address answers. */
export function pongs(port: number): Ready {
  return async () => {
    const client = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.ping()) === 'PONG';
    } finally {
      client.disconnect();
    }
  };
}
