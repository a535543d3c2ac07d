import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { runProgram } from '../../src/cli/program';
import type { Tixline } from './tixline';

const PROGRAM = resolve(__dirname, '../../dist/cli/main.js');

export interface Answered {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** What --json printed. */
  json: <T = Record<string, unknown>>() => T;
}

export interface Call {
  /** Settings; no others reach the command but the way to programs. */
  readonly env?: Record<string, string>;
  /** Standard input; nothing at all without it. */
  readonly input?: string;
  /** Sent once, as soon as the output holds `when`. */
  readonly signal?: { readonly name: NodeJS.Signals; readonly when: string };
}

/** Runs the built command line as a process of its own, and answers when it has ended. */
export function tixlineCommand(
  args: readonly string[],
  { env = {}, input = '', signal }: Call = {},
): Promise<Answered> {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not there: npm test builds it`);
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });
  let out = '';
  let err = '';
  let signalled = false;
  child.stdout.on('data', (chunk) => {
    out += chunk;
    if (signal && !signalled && out.includes(signal.when)) signalled = child.kill(signal.name);
  });
  child.stderr.on('data', (chunk) => (err += chunk));
  child.stdin.on('error', () => undefined); // It may end without reading.
  if (signal === undefined) child.stdin.end(input);
  return new Promise((settle) =>
    child.once('close', (code) => settle({ code, out, err, json: <T>() => JSON.parse(out) as T })),
  );
}

/** The same in this process, one at a time, without the second that a process takes to load. Reads no standard input. */
export async function tixlineInProcess(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Answered> {
  let out = '';
  let err = '';
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true)),
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true)),
  ];
  const before = { ...process.env };
  process.env = { PATH: before.PATH, ...env };
  try {
    const code = await runProgram(args);
    return { code, out, err, json: <T>() => JSON.parse(out) as T };
  } finally {
    process.env = before;
    for (const spy of spies) spy.mockRestore();
  }
}

/** The settings with which a command works on the same data as a Tixline of this process. */
export function settingsOf({ config }: Tixline): Record<string, string> {
  return {
    NODE_ENV: 'test',
    DATABASE_URL: config.databaseUrl!,
    DATA_DIR: config.dataDir,
    JWT_SECRET: 'a secret for tests, long enough for anybody',
    ...(config.redisUrl !== undefined && { REDIS_URL: config.redisUrl }),
  };
}
