/** Tixline as it runs on several machines, all on this one: three Redis nodes, PostgreSQL, two APIs, two workers, nginx. */
import { randomUUID } from 'node:crypto';
import { grownQuiet } from '../bench/processes.mts';
import { startNginx, type OwnNginx } from '../servers/own-nginx.mts';
import { ownFolder } from '../servers/own-process.mts';
import { startRedisCluster, type OwnRedisCluster } from '../servers/own-redis-cluster.mts';
import { postgresStopped, startTixline, type OwnTixline } from '../servers/own-tixline.mts';

export interface Stage {
  readonly redis: OwnRedisCluster;
  readonly apis: readonly OwnTixline[];
  readonly workers: readonly OwnTixline[];
  readonly nginx: OwnNginx;
  readonly dataDir: string;
  /** For a command beside it, such as the command line. */
  readonly environment: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** Starts everything, in the order in which it is needed; what has started is stopped again when the rest fails. */
export async function startStage(): Promise<Stage> {
  const folder = ownFolder();
  const endings: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of endings.reverse()) await end();
    await postgresStopped(folder.path);
    folder.remove();
  };
  const ends = <Started extends { stop(): Promise<void> }>(started: Started): Started => {
    endings.push(() => started.stop());
    return started;
  };
  try {
    const redis = ends(await startRedisCluster(folder.path));
    const settings = {
      DATA_DIR: folder.path,
      REDIS_URL: redis.url,
      REDIS_PREFIX: `tixline-${randomUUID()}`,
      JWT_SECRET: `a secret of this run alone: ${randomUUID()}`,
      TRUST_PROXY: 'loopback',
    };
    const api = async () => ends(await startTixline({ ...settings, ROLE: 'api' }));
    const worker = async () => ends(await startTixline({ ...settings, ROLE: 'worker' }, grownQuiet()));
    const apis = [await api(), await api()];
    const workers = [await worker(), await worker()];
    const ports = apis.map(({ port }) => port);
    const nginx = ends(await startNginx(folder.path, ports));
    return { redis, apis, workers, nginx, dataDir: folder.path, environment: apis[0]!.environment, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
