import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from './eventually';
import { freePort } from './free-port';

const PROGRAM = resolve(__dirname, '../../dist/main.js');
/** As `npm start` has it: without, the young generation alone may grow to 200 MB. */
const FLAGS = ['--max-semi-space-size=16'];
/** The first start on new data makes a PostgreSQL cluster. */
const START_LIMIT_MS = 25_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** An empty folder for one test, with `data` in it as DATA_DIR unless the test names another. */
export function ownFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'tixline-start-'));
  chmodSync(path, 0o755); // Root's PostgreSQL runs as another user, who must be able to get there.
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * Tixline as a person starts it: the built program in a process group of its own (that is what Ctrl-C reaches), in an
 * empty working folder, with these settings and no others.
 */
export class TixlineProcess {
  readonly ended: Promise<Ended>;
  out = '';
  err = '';

  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {
    child.stdout?.on('data', (chunk) => (this.out += chunk));
    child.stderr?.on('data', (chunk) => (this.err += chunk));
    this.ended = new Promise((settle) =>
      child.once('close', (code, signal) => settle({ code, signal, out: this.out, err: this.err })),
    );
  }

  static async start(folder: string, settings: Record<string, string> = {}): Promise<TixlineProcess> {
    if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not there: npm test builds it`);
    const port = settings['PORT'] ?? String(await freePort());
    const child = spawn(process.execPath, [...FLAGS, PROGRAM], {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        PORT: port,
        DATA_DIR: join(folder, 'data'),
        ...settings,
      },
    });
    return new TixlineProcess(`http://127.0.0.1:${port}`, child);
  }

  /** Starts one and waits until it is ready for requests. */
  static async ready(folder: string, settings?: Record<string, string>): Promise<TixlineProcess> {
    const tixline = await TixlineProcess.start(folder, settings);
    await tixline.untilReady();
    return tixline;
  }

  /** Starts a worker, which has no address to ask, and waits until it says that it ticks. */
  static async ticking(folder: string, settings: Record<string, string> = {}): Promise<TixlineProcess> {
    const tixline = await TixlineProcess.start(folder, { ...settings, ROLE: 'worker' });
    await tixline.untilTicking();
    return tixline;
  }

  /** Waits until it is ready for requests; rejects when it ends or takes too long. */
  async untilReady(): Promise<void> {
    await eventually(async () => {
      if (this.child.exitCode !== null) throw new Error(`it ended: ${this.err}`);
      if (!(await fetch(`${this.url}/health/ready`)).ok) throw new Error(`not ready: ${this.err}`);
    }, START_LIMIT_MS);
  }

  /** Waits until a worker says that it ticks; rejects when it ends or takes too long. */
  async untilTicking(): Promise<void> {
    await eventually(() => {
      if (this.child.exitCode !== null) throw new Error(`it ended: ${this.err}`);
      if (!this.out.includes('worker: a tick every')) throw new Error(`not ticking: ${this.err}`);
    }, START_LIMIT_MS);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Sends any signal to this process alone; nothing when it has ended. */
  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Ctrl-C in its terminal: SIGINT to every process of the group. */
  ctrlC(): void {
    this.signalGroup('SIGINT');
  }

  terminate(): void {
    this.child.kill('SIGTERM');
  }

  /** For `afterEach`: nothing of it is left, whatever the test found. */
  async end(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.signalGroup('SIGKILL');
    await this.ended;
  }

  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    { token, body }: { token?: string; body?: unknown } = {},
  ): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  private signalGroup(signal: NodeJS.Signals): void {
    if (this.child.pid !== undefined) process.kill(-this.child.pid, signal);
  }
}

/** The command lines of all processes that name this folder: Tixline's keeper and its PostgreSQL do. Linux only. */
export function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes(folder));
}
