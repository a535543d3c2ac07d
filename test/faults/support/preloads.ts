import { resolve } from 'node:path';

const preload = (name: string) => ({ NODE_OPTIONS: `--require ${resolve(__dirname, 'preload', name)}` });

/** Settings of a worker that dies between the commit of its nth settlement and the completion of the permits. */
export function dyingAt(settlement: number): Record<string, string> {
  return { ...preload('die-before-completion.cjs'), DIE_AT: String(settlement) };
}

/** Settings of a process that lacks a guard. */
export function without(guard: 'durability' | 'keys' | 'vipsFirst'): Record<string, string> {
  return { ...preload('without.cjs'), WITHOUT: guard };
}

/** Settings of a worker that puts no lost permits back. */
export const WITHOUT_SWEEPER = preload('without-sweeper.cjs');

/** Settings of a process whose clock stands off by as many milliseconds as the file says at any time. */
export function clockOf(file: string): Record<string, string> {
  return { ...preload('shift-clock.cjs'), CLOCK_FILE: file };
}

/** Settings of a worker whose settlements of the event that the file names end it, or hold its event loop. */
export function sickBy(file: string): Record<string, string> {
  return { ...preload('sick-settlement.cjs'), SICK_FILE: file };
}
