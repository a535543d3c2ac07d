/** An nginx of one's own before some APIs, with the configuration that docker-compose.yml gives it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { answers, freePort, startProcess, type OwnProcess } from './own-process.mts';

const TEMPLATE = resolve(import.meta.dirname, '../cluster/nginx.conf');
const LINE_LOG = 'line.log';

export interface OwnNginx extends OwnProcess {
  readonly port: number;
  readonly baseUrl: string;
  /** How often an API has been asked for a line so far, in place of the cache. */
  linesAsked(): number;
}

/** Whether this machine has the program `nginx`. */
export function hasNginx(): boolean {
  return spawnSync('nginx', ['-v']).status === 0;
}

/** Starts it in a folder of its own below `folder`, before the APIs at these ports of the loopback address. */
export async function startNginx(folder: string, apiPorts: readonly number[]): Promise<OwnNginx> {
  const own = join(folder, 'nginx');
  mkdirSync(own);
  const port = await freePort();
  const log = join(own, LINE_LOG);
  const values: Record<string, string> = {
    NGINX_LISTEN: `127.0.0.1:${port}`,
    NGINX_FOLDER: own,
    API_SERVERS: apiPorts.map((api) => `server 127.0.0.1:${api};`).join(' '),
    LINE_LOG: `${log} combined if=$upstream_addr`,
  };
  const file = join(own, 'nginx.conf');
  // As the image of nginx fills in its templates: what is not among the values stays.
  const text = readFileSync(TEMPLATE, 'utf8');
  writeFileSync(
    file,
    text.replace(/\$\{(\w+)\}/g, (all, name: string) => values[name] ?? all),
  );
  const args = ['-p', own, '-c', file, '-g', 'daemon off;'];
  const baseUrl = `http://127.0.0.1:${port}`;
  const server = await startProcess('nginx', args, process.env, answers(`${baseUrl}/health/ready`));
  return {
    ...server,
    port,
    baseUrl,
    linesAsked: () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0),
  };
}
