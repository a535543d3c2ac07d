/**
 * npm run fuzz: schemathesis against a Tixline of its own, once for each role: examples, boundary values, random input,
 * and sequences of calls along the document's links, with all its checks. Ends with 1 when anything failed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startTixline, tixline, type OwnTixline } from '../servers/own-tixline.mts';

const ROLES = ['anonymous', 'buyer', 'staff', 'organiser', 'admin'] as const;
type Role = (typeof ROLES)[number];

const PASSWORD = 'Passw0rd!';
const EMAILS: Record<Exclude<Role, 'anonymous'>, string> = {
  buyer: 'demo@local.test',
  staff: 'door@local.test',
  organiser: 'organiser@local.test',
  admin: 'admin@local.test',
};
const REPORTS = resolve(import.meta.dirname, '../../tmp/fuzz');
const CONFIG = join(import.meta.dirname, 'schemathesis.toml');

interface Result {
  readonly role: Role;
  readonly operations: number;
  readonly cases: number;
  readonly failures: number;
  /** Whether `tixline verify` finds the books right afterwards. */
  readonly books: boolean;
  /** Whether its token is still good: whoever lost it has tried the doors of nobody. */
  readonly signedIn: boolean;
  readonly ok: boolean;
}

const { values } = parseArgs({
  options: {
    role: { type: 'string', multiple: true, default: [...ROLES] },
    examples: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(
    `npm run fuzz -- [--role ${ROLES.join('|')}]… [--examples 50] [--seed 1] [--only <operationId>]`,
  );
  process.exit(0);
}
// A path is one from here, and it runs in a folder of its own, where it leaves its cache.
const given = process.env.SCHEMATHESIS ?? 'schemathesis';
const program = given.includes('/') ? resolve(given) : given;
if (spawnSync(program, ['--version']).status !== 0) {
  console.error(
    'schemathesis is not there. Get it with:\n  python3 -m venv .venv && .venv/bin/pip install schemathesis\n' +
      'and say where it is: SCHEMATHESIS=.venv/bin/schemathesis npm run fuzz',
  );
  process.exit(2);
}

rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });
const results: Result[] = [];
for (const role of ROLES.filter((each) => values.role.includes(each))) results.push(await fuzz(role));
console.table(results);
process.exitCode = results.length > 0 && results.every(({ ok }) => ok) ? 0 : 1;

/** One role's run, at a Tixline that nobody has used before. */
async function fuzz(role: Role): Promise<Result> {
  const server = await startTixline({ DEMO: 'true', ACCESS_TOKEN_EXPIRE_MINUTES: '600' });
  try {
    const report = join(REPORTS, `${role}.ndjson`);
    const token = role === 'anonymous' ? undefined : await signIn(server, role);
    const status = await schemathesis([
      'run',
      `${server.baseUrl}/docs-json`,
      '--no-color',
      '--continue-on-failure',
      '--max-examples',
      values.examples,
      '--seed',
      values.seed,
      '--report',
      'ndjson',
      '--report-ndjson-path',
      report,
      ...(token === undefined ? [] : ['--header', `Authorization: Bearer ${token}`]),
      ...(values.only === undefined ? [] : ['--include-operation-id', values.only]),
    ]);
    const books = (await tixline(['verify'], server.environment)).ok;
    const signedIn = token === undefined || (await isSignedIn(server, token));
    return { role, ...countIn(report), books, signedIn, ok: status === 0 && books && signedIn };
  } finally {
    await server.stop();
  }
}

function schemathesis(args: string[]): Promise<number | null> {
  const child = spawn(program, ['--config-file', CONFIG, ...args], { stdio: 'inherit', cwd: REPORTS });
  return new Promise((done) => child.once('exit', done));
}

async function signIn(
  { baseUrl, environment }: OwnTixline,
  role: Exclude<Role, 'anonymous'>,
): Promise<string> {
  if (role === 'organiser') {
    const who = ['--name', 'Organiser', '--email', EMAILS.organiser, '--password', PASSWORD];
    const made = await tixline(['admin', 'create', '--role', 'organizer', ...who], environment);
    if (!made.ok) throw new Error(made.text);
  }
  const answer = await fetch(`${baseUrl}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: EMAILS[role], password: PASSWORD }),
  });
  if (!answer.ok) throw new Error(`${role} cannot sign in: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function isSignedIn({ baseUrl }: OwnTixline, token: string): Promise<boolean> {
  const answer = await fetch(`${baseUrl}/api/me`, { headers: { authorization: `Bearer ${token}` } });
  return answer.status === 200;
}

interface Lines {
  LoadingFinished?: { statistic: { operations: { selected: number } } };
  ScenarioFinished?: {
    recorder: { label: string; cases: object; checks: Record<string, { name: string; status: string }[]> };
  };
}

/** Failures are counted once for each check of an operation, however many cases showed them. */
function countIn(report: string): Pick<Result, 'operations' | 'cases' | 'failures'> {
  const failed = new Set<string>();
  let [operations, cases] = [0, 0];
  for (const line of readFileSync(report, 'utf8').trim().split('\n')) {
    const { LoadingFinished: loaded, ScenarioFinished: done } = JSON.parse(line) as Lines;
    operations += loaded?.statistic.operations.selected ?? 0;
    cases += Object.keys(done?.recorder.cases ?? {}).length;
    for (const check of Object.values(done?.recorder.checks ?? {}).flat())
      if (check.status === 'failure') failed.add(`${done!.recorder.label} ${check.name}`);
  }
  return { operations, cases, failures: failed.size };
}
