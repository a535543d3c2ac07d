/** A Redis Cluster of one's own: three nodes that write an append-only file, formed as docker-compose.yml forms one. */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { freePort, startProcess, type OwnProcess } from './own-process.mts';
import { pongs } from './own-redis.mts';

const NODES = 3;
const FORM = resolve(import.meta.dirname, '../cluster/form-cluster.sh');

export interface OwnRedisCluster {
  /** All nodes, as REDIS_URL names them. */
  readonly url: string;
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

/** Starts the nodes in a folder, which must be there, and waits until they are a cluster. */
export async function startRedisCluster(folder: string): Promise<OwnRedisCluster> {
  const started: (OwnProcess & { port: number; bus: number })[] = [];
  const stop = async () => void (await Promise.all(started.map((node) => node.stop())));
  try {
    while (started.length < NODES) started.push(await startNode(join(folder, `redis-${started.length}`)));
    await promisify(execFile)(
      FORM,
      started.map(({ port, bus }) => `127.0.0.1:${port}@${bus}`),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: started.map(({ port }) => `redis://127.0.0.1:${port}`).join(','),
    pids: started.map(({ pid }) => pid),
    stop,
  };
}

async function startNode(folder: string): Promise<OwnProcess & { port: number; bus: number }> {
  mkdirSync(folder);
  const [port, bus] = [await freePort(), await freePort()];
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    'cluster-enabled': 'yes',
    'cluster-port': bus,
    'cluster-require-full-coverage': 'no',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const server = await startProcess('redis-server', args, process.env, pongs(port));
  return { ...server, port, bus };
}
