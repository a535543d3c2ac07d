/** The two servers that Tixline is compared with: compiled here, started like any other. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformFileSync } from '@swc/core';
import { answers, freePort, NODE_FLAGS, startProcess, type OwnProcess } from '../servers/own-process.mts';

export interface App extends OwnProcess {
  readonly port: number;
}

/** Starts `limit/` or `baseline/` with these settings and waits until it answers, whatever it answers. */
export async function startApp(
  name: 'limit' | 'baseline',
  settings: Record<string, string>,
  path: string,
  node = process.execPath,
): Promise<App> {
  const folder = join(import.meta.dirname, name);
  if (name === 'baseline') installExpress(folder);
  const main = compile(folder);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}${path}`;
  const ready = name === 'limit' ? answers(url) : () => fetch(url).then(() => true);
  const environment = { ...process.env, NODE_ENV: 'production', PORT: String(port), ...settings };
  return { ...(await startProcess(node, [...NODE_FLAGS, main], environment, ready)), port };
}

/** TypeScript with decorators is more than Node strips. */
function compile(folder: string): string {
  const out = join(folder, 'dist');
  mkdirSync(out, { recursive: true });
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('.ts') || file.endsWith('.d.ts')) continue;
    const { code } = transformFileSync(join(folder, file), {
      swcrc: false,
      jsc: {
        target: 'es2023',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        keepClassNames: true,
      },
      module: { type: 'commonjs' },
    });
    writeFileSync(join(out, file.replace(/\.ts$/, '.js')), code);
  }
  return join(out, 'main.js');
}

/** The baseline runs on Express, which nothing else here needs: it is installed beside it the first time. */
function installExpress(folder: string): void {
  if (existsSync(join(folder, 'node_modules/@nestjs/platform-express'))) return;
  process.stderr.write('Installing Express for the baseline, once (scripts/bench/baseline/node_modules) …\n');
  const { status, stderr } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
  });
  if (status !== 0) {
    throw new Error(
      `Express could not be installed:\n${stderr}\nThe baseline needs it; without a network leave it out: npm run bench -- --without baseline`,
    );
  }
}
