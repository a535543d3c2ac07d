/**
 * How fast, beside what it is compared with: one run, everything side by side and interleaved.
 *
 *   npm run bench                             all parts, three rounds, about twelve minutes
 *   npm run bench -- --quick                  all parts, shorter, two rounds, under two minutes
 *   npm run bench -- --only contest,drain     some parts: contest, latency, depth, drain, scale, postgres
 *   npm run bench -- --without baseline,redis no comparison with the tutorial's way; nothing on Redis
 *   npm run bench -- --baseline-node /usr/bin/node   the baseline on another Node: a secret as text costs Node 20 ten
 *                                             times what it costs Node 24
 *   npm run bench -- --rounds 5 --seconds 10 --connections 256 --json bench.json
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { inspect, parseArgs } from 'node:util';
import { bars, holds } from './bars.mts';
import { contest } from './contest.mts';
import { depth } from './depth.mts';
import { drain } from './drain.mts';
import { latency } from './latency.mts';
import { postgres } from './postgres.mts';
import { report } from './report.mts';
import { scale } from './scale.mts';
import { Stage, type Settings } from './stage.mts';

/** In the order in which they run. */
const PARTS = { contest, latency, depth, drain, scale, postgres };
type Part = keyof typeof PARTS;

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    without: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    connections: { type: 'string' },
    depths: { type: 'string' },
    'baseline-node': { type: 'string' },
    json: { type: 'string', default: 'tmp/bench.json' },
  },
});

const FULL: Settings = {
  quick: false,
  rounds: 3,
  seconds: 5,
  leadSeconds: 1,
  warmUpSeconds: 3,
  connections: 256,
  depths: [0, 100_000, 1_000_000],
  backlog: 100_000,
  baseline: without('baseline') ? [] : ['string', 'object', 'apart'],
  redis: !without('redis'),
  ...(options['baseline-node'] !== undefined && { baselineNode: options['baseline-node'] }),
};
const QUICK: Settings = {
  ...FULL,
  quick: true,
  rounds: 2,
  seconds: 1,
  leadSeconds: 0.3,
  warmUpSeconds: 0.7,
  depths: [0, 100_000],
  backlog: 20_000,
  baseline: without('baseline') ? [] : ['string', 'object'],
};

const settings: Settings = {
  ...(options.quick ? QUICK : FULL),
  ...given('rounds'),
  ...given('seconds'),
  ...given('connections'),
  ...(options.depths !== undefined && { depths: options.depths.split(',').map(Number) }),
};

const stage = new Stage(settings);
const startedAt = performance.now();
process.once('SIGINT', () => void stage.close().then(() => process.exit(130)));
const troubles: string[] = [];
for (const part of wantedParts()) {
  // What was measured before a part broke is worth printing, and the other parts are worth running.
  const broken = await PARTS[part](stage).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (broken !== undefined) troubles.push(`${part} broke: ${inspect(broken)}`);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  stage.say(`${part}: ${broken === undefined ? 'done' : 'broken'} after ${seconds} s`);
}
troubles.push(...stage.load.troubles);
await stage.close();
const { figures } = stage;
process.stdout.write(`\n${report(figures, settings)}\n`);
for (const trouble of troubles) process.stdout.write(`  Not as it should be: ${trouble}\n`);
writeJson();
process.stdout.write(
  `  ${cpus().length} cores, Node ${process.version}, ${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes; all rounds in ${options.json}\n`,
);
process.exit(troubles.length > 0 ? 1 : 0);

function wantedParts(): Part[] {
  const all = Object.keys(PARTS) as Part[];
  if (options.only === undefined) return all;
  const wanted = options.only.split(',').map((name) => name.trim());
  const unknown = wanted.filter((name) => !all.includes(name as Part));
  if (unknown.length > 0)
    throw new Error(`There is no part called ${unknown.join(' or ')}: the parts are ${all.join(', ')}.`);
  return all.filter((part) => wanted.includes(part));
}

function without(what: string): boolean {
  return options.without?.split(',').includes(what) === true;
}

function given(name: 'rounds' | 'seconds' | 'connections'): Partial<Settings> {
  const text = options[name];
  if (text === undefined) return {};
  if (!(Number(text) > 0)) throw new Error(`--${name} must be a number above 0.`);
  return { [name]: Number(text) };
}

function writeJson(): void {
  mkdirSync(dirname(options.json), { recursive: true });
  const machine = {
    cores: cpus().length,
    cpu: cpus()[0]?.model,
    memory_mb: Math.round(totalmem() / 1_048_576),
    kernel: release(),
    node: process.version,
  };
  const result = {
    at: new Date().toISOString(),
    machine,
    settings,
    bars: bars(figures, settings).map((bar) => ({ ...bar, holds: holds(bar) })),
    figures,
    troubles,
  };
  writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
}
