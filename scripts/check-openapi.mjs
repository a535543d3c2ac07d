/**
 * Holds the committed openapi.json to what the server exports, and web/src/api to what openapi.json generates.
 * Changes nothing; `npm run openapi` brings both up to date.
 */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const CLIENT = 'web/src/api';
const CLIENT_CONFIG = 'web/openapi-ts.config.ts';

const fresh = mkdtempSync(join(tmpdir(), 'tixline-openapi-'));
const stale = [];
try {
  run(process.execPath, ['scripts/build.mjs', '--server', '--quiet'], root);
  run(process.execPath, ['dist/export-openapi.js', join(fresh, 'openapi.json')], root);
  compare('openapi.json');

  if (existsSync(join(root, CLIENT_CONFIG))) {
    // The generator writes beside its configuration: a copy of that has the fresh document next to it.
    mkdirSync(join(fresh, 'web'));
    copyFileSync(join(root, CLIENT_CONFIG), join(fresh, CLIENT_CONFIG));
    symlinkSync(join(root, 'node_modules'), join(fresh, 'node_modules'));
    run(
      process.execPath,
      [join(root, 'node_modules/@hey-api/openapi-ts/bin/run.js'), '--silent', '--no-log-file'],
      join(fresh, 'web'),
    );
    for (const file of new Set([...filesBelow(fresh, CLIENT), ...filesBelow(root, CLIENT)])) compare(file);
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
if (stale.length > 0) {
  console.error(`Not up to date: ${stale.join(', ')}.\nRun npm run openapi and commit what it writes.`);
  process.exit(1);
}
console.log('openapi.json and the web client generated from it are up to date.');

/** Notes a file that is not, byte for byte, the same in the tree and fresh. */
function compare(file) {
  const [here, there] = [root, fresh].map((folder) =>
    existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : undefined,
  );
  if (here !== there) stale.push(file);
}

function filesBelow(folder, path) {
  if (!existsSync(join(folder, path))) return [];
  return readdirSync(join(folder, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** Runs a program and ends this one when it fails, with what it said. */
function run(program, args, cwd) {
  try {
    execFileSync(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    console.error(`${error.stdout ?? ''}${error.stderr ?? ''}`.trim() || error.message);
    rmSync(fresh, { recursive: true, force: true });
    process.exit(1);
  }
}
