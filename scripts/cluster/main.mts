/**
 * Tixline as it runs on several machines, with plain processes on this one: a Redis Cluster of three nodes, PostgreSQL, two
 * APIs, two workers, nginx in front. The queue's conformance suite runs against the cluster, the rush through nginx, the
 * books are checked, and what waiting people cost is measured. Exit code 1 when anything was not as it should be.
 *
 *   npm run cluster
 *   npm run cluster -- --only rush        some parts: conformance, rush, crowd
 *   npm run cluster -- --stay             starts everything, says where, and stays until Ctrl-C
 *   npm run cluster -- --buyers 500 --json cluster.json
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { hasNginx } from '../servers/own-nginx.mts';
import { hasRedisServer } from '../servers/own-process.mts';
import { crowd } from './crowd.mts';
import { report, type Results } from './report.mts';
import { startStage, type Stage } from './stage.mts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: 'conformance,rush,crowd' },
    buyers: { type: 'string', default: '1000' },
    stay: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});
const ROOT = resolve(import.meta.dirname, '../..');
const wants = (part: string) => options.only.split(',').includes(part);
const say = (text: string) => process.stderr.write(`${text}\n`);

for (const [program, isThere] of [
  ['redis-server', hasRedisServer()],
  ['nginx', hasNginx()],
] as const)
  if (!isThere) {
    say(
      `No program ${program} on this machine. Debian: apt-get install ${program}; macOS: brew install ${program === 'nginx' ? program : 'redis'}.`,
    );
    process.exitCode = 1;
  }
if (process.exitCode === undefined) process.exitCode = await onStage();

async function onStage(): Promise<number> {
  say('A Redis Cluster of three nodes, PostgreSQL, two APIs, two workers and nginx start …');
  const stage = await startStage();
  try {
    if (options.stay) {
      say(
        `${stage.nginx.baseUrl}\nREDIS_URL=${stage.redis.url}\nDATA_DIR=${stage.dataDir}\nCtrl-C stops it.`,
      );
      await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
      return 0;
    }
    const results = await measure(stage);
    process.stdout.write(report(results));
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
    return results.faults.length === 0 ? 0 : 1;
  } finally {
    await stage.stop();
  }
}

async function measure(stage: Stage): Promise<Results> {
  const faults: string[] = [];
  const results: Results = { loadAverage: loadavg()[0]!, faults };
  if (wants('conformance')) {
    say("The queue's conformance suite against the cluster …");
    const found = await conformance(stage);
    results.conformance = found;
    if (found.failed > 0 || found.passed === 0)
      faults.push(`${found.failed} tests of the conformance suite failed`);
  }
  if (wants('rush')) {
    say('The rush through nginx …');
    const rushed = await rush(stage);
    results.rush = rushed;
    faults.push(...rushed.faults);
  }
  if (wants('crowd')) {
    say('Waiting people: the cached line, positions, streams …');
    results.crowd = await crowd(stage);
    const { open, ended } = results.crowd.streams;
    if (ended < open) faults.push(`${open - ended} of ${open} streams did not tell an outcome`);
  }
  results.loadAverageAfter = loadavg()[0]!;
  return results;
}

async function conformance(stage: Stage): Promise<{ passed: number; failed: number }> {
  const jest = resolve(ROOT, 'node_modules/jest/bin/jest.js');
  const args = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest];
  // From the root, whatever folder this was started in.
  const text = await output([...args, 'test/integration/line/queue-home', '--json'], {
    ...process.env,
    TEST_REDIS_URL: stage.redis.url,
  });
  const {
    numPassedTests: passed,
    numFailedTests: failed,
    numRuntimeErrorTestSuites: broken,
  } = JSON.parse(text);
  return { passed, failed: failed + broken };
}

async function rush(stage: Stage): Promise<NonNullable<Results['rush']>> {
  const text = await output(
    [
      resolve(ROOT, 'scripts/rush/main.mts'),
      '--json',
      '--buyers',
      options.buyers,
      '--base-url',
      stage.nginx.baseUrl,
    ],
    stage.environment,
  );
  return JSON.parse(text);
}

/** What a Node program prints, whatever it ends with; what it complains of is shown. */
async function output(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  await once(child, 'close');
  return text;
}
