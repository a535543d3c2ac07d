import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from './eventually';
import { freePort } from './free-port';

export interface OwnRedis {
  readonly url: string;
  start(): Promise<void>;
  /** SIGKILL, and waits until it is gone. What it had not written is lost. */
  stop(): Promise<void>;
  /** SIGSTOP: it answers nothing, and its connections stay open. */
  freeze(): void;
  thaw(): void;
  remove(): Promise<void>;
}

/** Whether this machine has the program `redis-server`. */
export function hasRedisServer(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}

/** Starts a Redis of its own, memory only, on a free port of the loopback. */
export async function startOwnRedis({ flags = [] as string[] } = {}): Promise<OwnRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'tixline-test-'));
  const port = await freePort();
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    const args = [
      '--port',
      `${port}`,
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'no',
    ];
    server = spawn('redis-server', [...args, ...flags], { stdio: 'ignore' });
    const client = new Redis(port, '127.0.0.1', {
      lazyConnect: true,
      retryStrategy: (times) => Math.min(times * 20, 200),
    });
    client.on('error', () => undefined);
    await eventually(() => client.ping());
    client.disconnect();
  }

  async function stop(): Promise<void> {
    const running = server;
    server = undefined;
    if (running === undefined) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await ended;
  }

  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    stop,
    freeze: () => void server?.kill('SIGSTOP'),
    thaw: () => void server?.kill('SIGCONT'),
    async remove() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
