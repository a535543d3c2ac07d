import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { freePort } from './free-port';
import { startOwnRedis, type OwnRedis } from './own-redis';

const FLAGS = '--cluster-enabled yes --cluster-require-full-coverage no --cluster-node-timeout 2000'.split(
  ' ',
);
const FORM = resolve(__dirname, '../../scripts/cluster/form-cluster.sh');

export interface OwnRedisCluster extends OwnRedis {
  /** Each can be stopped and started by itself; what it held is lost then, its part of the slots is not. */
  readonly nodes: readonly OwnRedis[];
  /** Which of the nodes holds a line, from 0. */
  nodeOf(eventId: number): Promise<number>;
}

/** Starts a Redis Cluster of three nodes of its own, formed as docker-compose.yml forms one. Memory only. */
export async function startOwnRedisCluster(): Promise<OwnRedisCluster> {
  const busPorts = await Promise.all([freePort(), freePort(), freePort()]);
  const nodes = await Promise.all(
    busPorts.map((busPort) => startOwnRedis({ flags: [...FLAGS, '--cluster-port', `${busPort}`] })),
  );
  const form = async () => {
    const addresses = nodes.map(({ url }, i) => `${new URL(url).host}@${busPorts[i]}`);
    await promisify(execFile)(FORM, addresses);
  };
  const all = (act: (node: OwnRedis) => Promise<void>) => Promise.all(nodes.map(act));
  await form();
  return {
    nodes,
    url: nodes.map(({ url }) => url).join(','),
    async nodeOf(eventId) {
      const client = new Redis(nodes[1]!.url);
      const slot = Number(await client.call('CLUSTER', 'KEYSLOT', `{line-${eventId}}`));
      client.disconnect();
      return Math.min(2, Math.floor((slot * 3) / 16_384));
    },
    async start() {
      await all((node) => node.start());
      await form();
    },
    async stop() {
      await all((node) => node.stop());
    },
    freeze: () => nodes.forEach((node) => node.freeze()),
    thaw: () => nodes.forEach((node) => node.thaw()),
    async remove() {
      await all((node) => node.remove());
    },
  };
}
