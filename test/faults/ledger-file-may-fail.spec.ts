import { execFile } from 'node:child_process';
import { appendFile, mkdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { tixlineCommand } from '../support/command-line';
import { eventually } from '../support/eventually';
import type { Verification } from '../../src/ledger';
import { atRest } from './support/proof';
import { conclude, expectSound, openSale } from './support/sale';
import { scale, thorough } from './support/scale';
import { Stage } from './support/stage';
import { Watch } from './support/watch';

const RATE = 100;
const REQUESTS = scale(3_000, 600);
const ROUNDS = scale(10, 2);
const BROKEN_MS = scale(15_000, 3_000);
const SMALL_BYTES = 16_384;
const DISK_BYTES = 8 << 20;
const TORN = '2026-01-01T00:00:00.000Z,"half a li';

const run = promisify(execFile);

/** Breaks the way to the file, and answers how to repair it. */
type Harm = (stage: Stage, folder: string) => Promise<() => Promise<void>>;

const HARMS: [name: string, harm: Harm][] = [
  [
    'the disk is full',
    async (_, folder) => {
      const filler = `${folder}/filler`;
      await expect(writeFile(filler, Buffer.alloc(2 * DISK_BYTES))).rejects.toThrow('ENOSPC');
      return () => rm(filler);
    },
  ],
  [
    'the file may grow no more (RLIMIT_FSIZE)',
    async ({ workers }) => {
      const limit = (bytes: string) =>
        Promise.all(
          workers.map(({ process: { pid } }) => run('prlimit', ['--pid', `${pid}`, `--fsize=${bytes}:`])),
        );
      await limit(`${SMALL_BYTES}`);
      return async () => void (await limit('unlimited'));
    },
  ],
  [
    'the folder is gone and a file stands in its place',
    async (_, folder) => {
      await rename(folder, `${folder}.away`);
      await writeFile(folder, '');
      return async () => {
        await rm(folder);
        await rename(`${folder}.away`, folder);
      };
    },
  ],
];
const ROOT = process.getuid?.() === 0;

describe('transactions.csv cannot be written, and sales go on', () => {
  let stage: Stage | undefined;
  let mounted: string | undefined;
  afterEach(async () => {
    await Promise.all(stage?.workers.map((worker) => worker.end()) ?? []);
    if (mounted !== undefined) await run('umount', [mounted]);
    mounted = undefined;
    await stage?.close();
  });

  const open = async (disk: boolean) => {
    stage = await Stage.open({ workers: 0, settings: { LOG_LEVEL: 'warn' } });
    const folder = stage.settings['DATA_DIR']!;
    await mkdir(folder, { recursive: true });
    if (disk) {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder]);
      mounted = folder;
    }
    await stage.add('worker');
    await stage.add('worker');
    return { stage, folder, sale: await openSale(stage, REQUESTS) };
  };

  // A disk of its own to fill needs root; the other two do not.
  thorough.each(HARMS.slice(ROOT ? 0 : 1))('%s: it is said, and made up for', async (name, harm) => {
    const { stage, folder, sale } = await open(name.includes('disk'));
    const watch = new Watch(stage);
    let settled = 0;
    let said = '';
    const fault = async () => {
      await delay(2_000);
      const repair = await harm(stage, folder);
      try {
        await eventually(() => {
          const log = stage.workers.map(({ process: { out, err } }) => out + err).join('\n');
          expect(log).toContain('cannot be written, sales go on');
        }, 20_000);
        const before = await settledSoFar(stage);
        await delay(BROKEN_MS);
        said = await verifySays(stage);
        settled = (await settledSoFar(stage)) - before;
      } finally {
        await repair();
      }
    };
    await sale.crowd.rush({ event: sale.event, rate: RATE, requests: REQUESTS, during: fault() });
    const tried = { 'settled meanwhile': settled, 'verify said meanwhile': said };
    expect(watch.ended).toEqual([]);
    expectSound(sale, await conclude(stage, sale, `transactions.csv: ${name}`, tried));
    expect(settled).toBeGreaterThan((RATE * BROKEN_MS) / 1_000 / 4);
    expect(said).toMatch(/not written yet|A file stands where a folder should/);
  });

  it('both workers killed again and again, and the last line torn by hand', async () => {
    const { stage, sale } = await open(false);
    const path = `${stage.settings['DATA_DIR']}/transactions.csv`;
    const fault = async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        await delay(500 + Math.random() * 1_000);
        await Promise.all(stage.workers.map((worker) => worker.kill()));
        const { size } = await stat(path);
        if (round % 3 === 0) await truncate(path, size - 1 - Math.floor(Math.random() * 40));
        if (round % 3 === 1) await appendFile(path, TORN);
        await Promise.all(stage.workers.map((worker) => worker.start()));
      }
    };
    await sale.crowd.rush({ event: sale.event, rate: RATE, requests: REQUESTS, during: fault() });
    // Once more when nothing is left to write: what comes later would go over the torn line in any case.
    await atRest(stage);
    await Promise.all(stage.workers.map((worker) => worker.kill()));
    await appendFile(path, TORN);
    await Promise.all(stage.workers.map((worker) => worker.start()));
    await eventually(async () => expect((await readFile(path, 'utf8')).endsWith(TORN)).toBe(false), 20_000);
    const tried = { 'kills of both': ROUNDS + 1, 'torn by hand': ROUNDS - Math.floor(ROUNDS / 3) + 1 };
    expectSound(sale, await conclude(stage, sale, 'transactions.csv: torn', tried));
  });

  thorough('two workers write it, and it is moved away under them as log rotation does', async () => {
    const { stage, sale } = await open(false);
    const watch = new Watch(stage);
    const path = `${stage.settings['DATA_DIR']}/transactions.csv`;
    const fault = async () => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        await delay(500 + Math.random() * 1_000);
        await eventually(() => rename(path, `${path}.${round}`));
      }
    };
    await sale.crowd.rush({ event: sale.event, rate: RATE, requests: REQUESTS, during: fault() });
    expectSound(sale, await conclude(stage, sale, 'transactions.csv: moved away', { 'moved away': ROUNDS }));
    expect(watch.ended).toEqual([]);
    // What was moved away is whole lines, and the same as in the file that came after it.
    const whole = await readFile(path);
    for (let round = 1; round <= ROUNDS; round += 1) {
      const moved = await readFile(`${path}.${round}`);
      expect(whole.subarray(0, moved.length).equals(moved)).toBe(true);
      expect(moved.at(-1)).toBe(0x0a);
    }
  });
});

async function settledSoFar(stage: Stage): Promise<number> {
  const [row] = await stage.sql<{ settled: number }>('SELECT sum(settled)::int AS settled FROM lines');
  return row!.settled;
}

/** What an operator who looks meanwhile is told of the file. */
async function verifySays(stage: Stage): Promise<string> {
  const answer = await tixlineCommand(['verify', '--json'], { env: stage.settings });
  if (answer.code === 2) return answer.err.trim();
  const { ledger_file } = answer.json<Verification & Record<string, unknown>>();
  const behind = ledger_file?.rows_not_yet_written ?? 0;
  return behind > 0 ? `${behind} rows not written yet` : 'all is well';
}
