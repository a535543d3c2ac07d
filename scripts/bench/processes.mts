/** What processes cost, read from /proc: CPU and memory by role. On other systems than Linux everything is NaN. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Linux counts CPU in hundredths of a second for everybody who asks, whatever its kernel does. */
const TICK_US = 10_000;
const MB = 1_048_576;
const QUIET_MS = 150;
/** Where CPU cannot be read. */
const START_MS = 3_000;

/** The processes of a role: `tree` takes in all that they started, and those that have ended since. */
export interface Role {
  readonly pids: readonly number[];
  readonly tree: boolean;
}

/** CPU that a role has used so far, in µs. */
export function cpuUs({ pids, tree }: Role): number {
  return sum(withChildren(pids, tree), (pid) => {
    const fields = statFields(pid);
    if (fields === undefined) return 0;
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15).map(Number);
    return (user + system + (tree ? endedUser + endedSystem : 0)) * TICK_US;
  });
}

/**
 * Memory that a role holds now, in MB. For a tree, pages that several of its processes share are counted once
 * (proportional set size), where the system lets us look; else it is the resident set.
 */
export function memoryMb({ pids, tree }: Role): number {
  return (
    sum(withChildren(pids, tree), (pid) => {
      const kilobytes = (tree && field(pid, 'smaps_rollup', 'Pss')) || field(pid, 'status', 'VmRSS');
      return (kilobytes ?? 0) * 1_024;
    }) / MB
  );
}

/** Tells when a process that has started and serves no address has done starting: it has grown quiet. */
export function grownQuiet(): (pid: number) => Promise<boolean> {
  const startedAt = performance.now();
  let before = 0;
  return async (pid) => {
    await delay(QUIET_MS);
    const used = cpuUs({ pids: [pid], tree: false });
    const isQuiet = used > 2 * QUIET_MS * 1_000 && used - before <= 2 * TICK_US;
    before = used;
    return Number.isNaN(used) ? performance.now() - startedAt > START_MS : isQuiet;
  };
}

function sum(pids: readonly number[], of: (pid: number) => number): number {
  return process.platform === 'linux' ? pids.reduce((total, pid) => total + of(pid), 0) : NaN;
}

function withChildren(pids: readonly number[], tree: boolean): number[] {
  const all = [...pids];
  if (!tree || process.platform !== 'linux') return all;
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), Number(statFields(Number(name))?.[1])] as const);
  for (let i = 0; i < all.length; i += 1)
    for (const [pid, parent] of parents) if (parent === all[i]) all.push(pid);
  return all;
}

/** The fields of /proc/<pid>/stat after the name: state, parent, … */
function statFields(pid: number): string[] | undefined {
  const text = read(pid, 'stat');
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

function field(pid: number, file: string, name: string): number | undefined {
  const found = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(read(pid, file) ?? '');
  return found === null ? undefined : Number(found[1]);
}

function read(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}
