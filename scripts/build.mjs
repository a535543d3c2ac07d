/**
 * Builds server and web client, side by side, and only what has changed since the last build.
 *   --server  the server alone      --force  whether it changed or not      --quiet  nothing unless it fails
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const has = (flag) => process.argv.includes(flag);

const parts = [
  {
    name: 'server',
    sources: ['src', 'tsconfig.json', 'nest-cli.json', 'package-lock.json'],
    stamp: 'dist/.built',
    command: ['nest', 'build'],
  },
  {
    name: 'web client',
    sources: [...inWeb(), 'package-lock.json'],
    stamp: 'web/dist/.built',
    command: ['npm', '-w', 'web', 'run', 'build'],
  },
];

/** Everything in web but what a build or an installation puts there. */
function inWeb() {
  if (!existsSync('web')) return [];
  return readdirSync('web')
    .filter((name) => name !== 'dist' && name !== 'node_modules')
    .map((name) => join('web', name));
}

/** The newest change below a file or folder, in milliseconds. */
function changedAt(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => changedAt(join(path, name))));
}

function isFresh({ sources, stamp }) {
  if (has('--force') || !existsSync(stamp)) return false;
  const builtAt = statSync(stamp).mtimeMs;
  return sources.every((source) => changedAt(source) < builtAt);
}

function build({ name, command, stamp }) {
  return new Promise((resolve, reject) => {
    const startedAt = new Date();
    rmSync(stamp, { force: true });
    const [program, ...args] = command;
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    const said = [];
    child.stdout.on('data', (chunk) => said.push(chunk));
    child.stderr.on('data', (chunk) => said.push(chunk));
    child.on('error', ({ message }) =>
      reject(new Error(`The ${name} cannot be built: ${message}. Try npm ci, then npm run build.`)),
    );
    child.on('close', (code) => {
      if (code !== 0)
        return reject(new Error(`The ${name} does not build:\n${Buffer.concat(said).toString()}`));
      mkdirSync(dirname(stamp), { recursive: true });
      writeFileSync(stamp, '');
      // What was saved while the build ran may not be in it, and must count as changed since.
      utimesSync(stamp, startedAt, startedAt);
      if (!has('--quiet'))
        console.log(`Built the ${name} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
      resolve();
    });
  });
}

const wanted = parts
  .filter((part) => !has('--server') || part.name === 'server')
  .filter((part) => !isFresh(part));
if (wanted.length > 0 && !has('--quiet'))
  console.log(`Building ${wanted.map(({ name }) => name).join(' and ')} …`);
try {
  await Promise.all(wanted.map(build));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
