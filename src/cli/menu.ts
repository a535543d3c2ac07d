import type { INestApplicationContext } from '@nestjs/common';
import { loadConfig, type Config } from '../config/index';
import { availability } from './availability.command';
import { openTixline } from './context';
import { EXIT, type ExitCode } from './failure';
import { findEvent, nameOf } from './find-event';
import { pageOf, paint, type Page } from './page';
import { Prompt } from './prompt';
import { request } from './request.command';
import { report, type Task } from './task';
import { harmless } from './text-width';
import { tick } from './tick.command';
import { transactions } from './transactions.command';

export interface MenuOptions {
  readonly event: number;
  readonly email: string;
}

const ENTRIES = [
  'View availability',
  'Enqueue test request',
  'Process next tick once',
  'Show last 10 transactions',
  'Exit',
] as const;

/** The interactive menu, until it is left. Works on the same line as the server. Never rejects. */
export async function runMenu(options: MenuOptions): Promise<ExitCode> {
  let config: Config | undefined;
  let tixline: INestApplicationContext | undefined;
  const prompt = new Prompt(process.stdin, process.stdout);
  // On a terminal the prompt gets Ctrl-C as a key; this is for one that comes as a signal.
  process.once('SIGINT', () => prompt.close());
  try {
    config = loadConfig();
    tixline = await openTixline(config, 'line');
    await new Menu(tixline, config, prompt, options).run();
    return EXIT.ok;
  } catch (error) {
    return report(error, config, false);
  } finally {
    prompt.close();
    await tixline?.close().catch(() => undefined);
  }
}

class Menu {
  private readonly page: Page = pageOf(process.stdout);

  constructor(
    private readonly tixline: INestApplicationContext,
    private readonly config: Config,
    private readonly prompt: Prompt,
    private readonly options: MenuOptions,
  ) {}

  async run(): Promise<void> {
    const event = await findEvent(this.tixline, this.options.event);
    this.say(`\n${paint(this.page, 'bold', this.config.appName)} · ${harmless(nameOf(event))}\n`);
    for (;;) {
      this.say(
        `\n${ENTRIES.map((entry, i) => `  ${paint(this.page, 'bold', String(i + 1))}  ${entry}\n`).join('')}\n`,
      );
      const choice = await this.prompt.ask('Your choice: ');
      if (choice === undefined) return this.say('Goodbye.\n');
      this.say('\n');
      if (!(await this.follow(choice))) return this.say('Goodbye.\n');
    }
  }

  /** Does what was chosen. Answers false to leave. What goes wrong is said, and the menu goes on. */
  private async follow(choice: string): Promise<boolean> {
    const { event } = this.options;
    const entry = entryOf(choice);
    if (entry === undefined) {
      const said = choice === '' ? '' : `“${harmless(choice)}” is not on the menu. `;
      this.say(`${said}Type a number from 1 to ${ENTRIES.length}.\n`);
    }
    if (entry === 'View availability') await this.show(availability, { event });
    if (entry === 'Process next tick once') await this.show(tick, {});
    if (entry === 'Show last 10 transactions') await this.show(transactions, { event, last: 10 });
    if (entry === 'Enqueue test request') return this.enqueue();
    return entry !== 'Exit';
  }

  private async enqueue(): Promise<boolean> {
    const { event, email } = this.options;
    const tier = await this.prompt.ask('VIP or Regular [Regular]: ');
    if (tier === undefined) return false;
    const type = { '': 'Regular', r: 'Regular', regular: 'Regular', v: 'VIP', vip: 'VIP' }[
      tier.toLowerCase()
    ] as 'VIP' | 'Regular' | undefined;
    if (type === undefined) {
      this.say(`\n“${harmless(tier)}” is neither VIP nor Regular: nothing was asked for.\n`);
      return true;
    }
    const count = await this.prompt.ask('How many [1]: ');
    if (count === undefined) return false;
    if (!/^([1-9]\d{0,3})?$/.test(count)) {
      this.say(`\n“${harmless(count)}” is not a number of tickets: nothing was asked for.\n`);
      return true;
    }
    this.say('\n');
    await this.show(request, { event, type, quantity: Number(count || 1), email });
    return true;
  }

  private async show<Options, Answer>(task: Task<Options, Answer>, options: Options): Promise<void> {
    try {
      this.say(task.show(await task.work(this.tixline, options), this.page));
    } catch (error) {
      report(error, this.config, false);
    }
  }

  private say(text: string): void {
    process.stdout.write(text);
  }
}

/** The entry that a number or the beginning of its name stands for. */
function entryOf(choice: string): (typeof ENTRIES)[number] | undefined {
  const word = choice.toLowerCase();
  if (/^[1-9]$/.test(word)) return ENTRIES[Number(word) - 1];
  if (word === 'q' || word === 'quit') return 'Exit';
  return word.length < 2 ? undefined : ENTRIES.find((entry) => entry.toLowerCase().startsWith(word));
}
