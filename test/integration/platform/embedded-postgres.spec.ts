import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { acquireEmbeddedPostgres, EmbeddedPostgresError } from '../../../src/platform/database/embedded';

jest.setTimeout(20_000);

type Holder = { process: ChildProcess; lines: Interface; url: string };

const holderFile = join(__dirname, '../../support/embedded-postgres-holder.js');
const told: string[] = [];
const holders: Holder[] = [];
let dataDir: string;

beforeEach(() => {
  told.length = 0;
  dataDir = join(mkdtempSync(join(tmpdir(), 'tixline-test-')), 'data');
  chmodSync(join(dataDir, '..'), 0o711);
});

afterEach(async () => {
  for (const holder of holders.splice(0)) holder.process.kill('SIGKILL');
  // Each test waits for the orderly end that it is about; nobody needs to wait for another one.
  for (const one of serverProcesses()) process.kill(one.pid, 'SIGKILL');
  await eventually(() => expect(serverProcesses()).toEqual([]));
  rmSync(join(dataDir, '..'), { recursive: true, maxRetries: 5 });
});

function acquire() {
  return acquireEmbeddedPostgres({ dataDir, log: (message) => told.push(message) });
}

/** Acquires in a process of its own, leader of its own process group as a shell starts a command. */
async function holdElsewhere(): Promise<Holder> {
  const child = spawn(process.execPath, [holderFile, dataDir], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout);
  const first = await new Promise<string>((settle, fail) => {
    lines.once('line', settle);
    child.once('exit', (code) => fail(new Error(`holder ended with ${code}`)));
  });
  const holder = { process: child, lines, ...(JSON.parse(first) as { url: string }) };
  holders.push(holder);
  return holder;
}

/** The keepers and the main processes of PostgreSQL that run on the test's folder. */
function serverProcesses(): { pid: number; what: 'keeper' | 'postgres' }[] {
  const table = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,command='], { encoding: 'utf8' });
  return table.split('\n').flatMap((line) => {
    const what = line.includes('keeper.') ? 'keeper' : 'postgres';
    const ours = line.includes(dataDir) && !line.includes(holderFile);
    return ours ? [{ pid: Number.parseInt(line, 10), what } as const] : [];
  });
}

function pidOf(what: 'keeper' | 'postgres'): number {
  const pids = serverProcesses().filter((one) => one.what === what);
  expect(pids).toHaveLength(1);
  return pids[0]!.pid;
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function eventually<T>(attempt: () => T | Promise<T>, withinMs = 5_000): Promise<T> {
  for (const deadline = Date.now() + withinMs; ; await delay(50)) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

/** The opposite of `eventually`: it holds all the time, for longer than the keeper waits before it stops the server. */
async function throughout(check: () => Promise<unknown>, forMs = 1_300): Promise<void> {
  for (const end = Date.now() + forMs; Date.now() < end; await delay(200)) await check();
}

test('the first start makes the database and the second finds its rows', async () => {
  const first = await acquire();
  await ask(first.url, "CREATE TABLE seat (name text); INSERT INTO seat VALUES ('A1')");
  const safe =
    "SELECT current_setting('fsync') f, current_setting('synchronous_commit') s, rolsuper FROM pg_roles WHERE rolname = current_user";
  expect(await ask(first.url, safe)).toEqual([{ f: 'on', s: 'on', rolsuper: false }]);
  expect(statSync(join(dataDir, 'postgres.password')).mode & 0o777).toBe(0o600);
  expect(statSync(join(dataDir, 'postgres.sock')).mode & 0o077).toBe(0);
  await first.release();
  await eventually(() => expect(serverProcesses()).toEqual([]));

  const second = await acquire();
  expect(await ask(second.url, 'SELECT name FROM seat')).toEqual([{ name: 'A1' }]);
  await second.release();
});

test('all who start at the same instant share one server', async () => {
  const [here, ...elsewhere] = await Promise.all([acquire(), holdElsewhere(), holdElsewhere(), acquire()]);
  expect(new Set([here.url, ...elsewhere.map((one) => one.url)])).toEqual(new Set([here.url]));
  expect(
    serverProcesses()
      .map((one) => one.what)
      .sort(),
  ).toEqual(['keeper', 'postgres']);
  // Still locked after all that start-up work, which a keeper that lets its lock be collected does not get right.
  const another = new DatabaseSync(join(dataDir, 'postgres.lock'));
  expect(() => another.exec('BEGIN EXCLUSIVE')).toThrow('locked');
  another.close();
  await here.release();
});

test('the server outlives a killed holder while another one is left, and not the last', async () => {
  const [first, second] = [await holdElsewhere(), await holdElsewhere()];
  first.process.kill('SIGKILL');
  await throughout(() => ask(second.url, 'SELECT 1'));
  second.process.kill('SIGKILL');
  await eventually(() => expect(serverProcesses()).toEqual([]));
});

test('a released server stops, and one acquired again in time does not', async () => {
  const first = await acquire();
  const postgres = pidOf('postgres');
  await first.release();
  await first.release();
  const second = await acquire();
  await throughout(() => ask(second.url, 'SELECT 1'));
  expect(pidOf('postgres')).toBe(postgres);
  await second.release();
  await eventually(() => expect(serverProcesses()).toEqual([]));
});

test('a killed keeper is replaced for those who still hold the server', async () => {
  const held = await acquire();
  const [keeper, postgres] = [pidOf('keeper'), pidOf('postgres')];
  process.kill(keeper, 'SIGKILL');
  await eventually(() => expect(pidOf('keeper')).not.toBe(keeper));
  // One who comes and goes must not take the server with them.
  await (await eventually(acquire)).release();
  await throughout(() => ask(held.url, 'SELECT 1'));
  expect(pidOf('postgres')).toBe(postgres);
  await held.release();
});

test('a server left behind by keeper and holder is taken over', async () => {
  const holder = await holdElsewhere();
  const postgres = pidOf('postgres');
  // Holder first: it would start another keeper.
  holder.process.kill('SIGKILL');
  process.kill(pidOf('keeper'), 'SIGKILL');
  const heir = await acquire();
  expect(heir.url).toBe(holder.url);
  expect(pidOf('postgres')).toBe(postgres);
  await heir.release();
});

test('a killed server comes back on the same port with what was committed', async () => {
  const held = await acquire();
  const [keeper, postgres] = [pidOf('keeper'), pidOf('postgres')];
  await ask(held.url, 'CREATE TABLE seat AS SELECT 1 AS number');
  process.kill(postgres, 'SIGKILL');
  expect(await eventually(() => ask(held.url, 'SELECT number FROM seat'))).toEqual([{ number: 1 }]);
  expect(pidOf('postgres')).not.toBe(postgres);
  expect(pidOf('keeper')).toBe(keeper);
  await held.release();
});

test('what a machine crash leaves behind does not stop the start', async () => {
  const holder = await holdElsewhere();
  holder.process.kill('SIGKILL');
  process.kill(pidOf('keeper'), 'SIGKILL');
  process.kill(pidOf('postgres'), 'SIGKILL');
  await eventually(() => expect(serverProcesses()).toEqual([]));
  // After a restart of the machine the number in the file belongs to somebody else.
  const pidFile = join(dataDir, 'postgres/postmaster.pid');
  writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^\d+/, String(process.pid)));
  const after = await acquire();
  await ask(after.url, 'SELECT 1');
  await after.release();
});

test('Ctrl-C reaches the holder and not the server', async () => {
  const holder = await holdElsewhere();
  const interrupted = new Promise((settle) => holder.lines.once('line', settle));
  process.kill(-holder.process.pid!, 'SIGINT');
  await interrupted;
  await throughout(() => ask(holder.url, 'SELECT 1'));
});

describe('what cannot work is said with its cure', () => {
  const refusal = () =>
    acquire().then(
      () => undefined,
      (error: unknown) => error as EmbeddedPostgresError,
    );

  test('data of another major version', async () => {
    mkdirSync(join(dataDir, 'postgres'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres/PG_VERSION'), '16\n');
    const error = await refusal();
    expect(error).toBeInstanceOf(EmbeddedPostgresError);
    expect(error?.message).toMatch(/was made by PostgreSQL 16, and this Tixline brings PostgreSQL 18/);
    expect(error?.cure).toMatch(/Dump the data/);
  });

  test('a folder with something else in it, and a file in the place of the folder', async () => {
    mkdirSync(join(dataDir, 'postgres/holiday'), { recursive: true });
    expect((await refusal())?.message).toMatch(/is no PostgreSQL data folder/);
    dataDir = join(dataDir, '../file');
    writeFileSync(dataDir, '');
    expect((await refusal())?.message).toMatch(/cannot be written/);
  });

  const asRoot = process.getuid?.() === 0 ? test : test.skip;
  asRoot('a folder that root may enter and the user postgres may not', async () => {
    chmodSync(join(dataDir, '..'), 0o700);
    const error = await refusal();
    expect(error?.message).toContain(`may not enter ${join(dataDir, '..')}.`);
    expect(error?.cure).toContain(`chmod o+x ${join(dataDir, '..')}`);
  });
});
