import { freePort } from '../../support/free-port';
import { TixlineProcess, type Ended } from '../../support/tixline-process';

/** One process of a Tixline that tests do harm to. Started again, it has the same address. */
export class Member {
  private current: TixlineProcess | undefined;

  private constructor(
    readonly role: 'api' | 'worker',
    readonly url: string,
    private readonly folder: string,
    private readonly settings: Record<string, string>,
  ) {}

  /** One with an address of its own, not started yet. */
  static async plan(
    role: 'api' | 'worker',
    folder: string,
    settings: Record<string, string>,
  ): Promise<Member> {
    const port = await freePort();
    const own = { ...settings, ROLE: role, PORT: String(port) };
    return new Member(role, `http://127.0.0.1:${port}`, folder, own);
  }

  get process(): TixlineProcess {
    if (this.current === undefined) throw new Error(`this ${this.role} was never started`);
    return this.current;
  }

  /** Starts it and waits until it takes requests, or ticks. `extra` settings hold for this start alone. */
  async start(extra: Record<string, string> = {}): Promise<void> {
    const settings = { ...this.settings, ...extra };
    this.current = await TixlineProcess.start(this.folder, settings);
    await (this.role === 'worker' ? this.current.untilTicking() : this.current.untilReady());
  }

  /** SIGKILL, and waits until it is gone. */
  async kill(): Promise<Ended> {
    this.process.signal('SIGKILL');
    return this.process.ended;
  }

  /** SIGSTOP: it stands still, and its connections stay open. */
  freeze(): void {
    this.process.signal('SIGSTOP');
  }

  thaw(): void {
    this.process.signal('SIGCONT');
  }

  /** SIGTERM, and waits for its end. */
  async terminate(): Promise<Ended> {
    this.process.terminate();
    return this.process.ended;
  }

  /** For the end of a test: nothing of it is left. */
  async end(): Promise<void> {
    await this.current?.end();
  }
}
