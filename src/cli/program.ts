import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { ADMIN_ROLES, adminCreate } from './admin.command';
import { availability } from './availability.command';
import { EXIT, type ExitCode } from './failure';
import { ledgerRebuild } from './ledger.command';
import { linePause, lineRequeue, lineResume, lineShow } from './line.command';
import { runMenu, type MenuOptions } from './menu';
import { migrate } from './migrate.command';
import { aTier, eventOption, jsonOption, whole } from './options';
import { DEMO_BUYER, request } from './request.command';
import { seed } from './seed.command';
import { runTask, type Task } from './task';
import { tick } from './tick.command';
import { transactions } from './transactions.command';
import { verify, WHAT_IT_PROVES } from './verify.command';

const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as {
  version: string;
};

const AFTER = `
Every command takes --json for machines, and --help for its options and an example.
Exit codes: 0 done; 1 the answer is no (a check is broken, nothing found, declined);
            2 it could not be tried (wrong usage or setting, database away).
Settings are the server's (.env.example): DATABASE_URL, REDIS_URL, DATA_DIR …
`;

/** Reads the command line, does what it says and answers the exit code. Never rejects. */
export async function runProgram(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const done = (code: ExitCode) => (exitCode = code);
  const program = buildProgram(done);
  try {
    const { operands, unknown } = program.parseOptions([...argv]);
    if (operands.length === 0 && unknown.length === 0) return await runMenu(program.opts<MenuOptions>());
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.unusable;
  }
}

function buildProgram(done: (code: ExitCode) => void): Command {
  const program = new Command('tixline')
    .description(
      'Runs and checks a Tixline: the same line, tickets and ledger as the server.\nWithout a command: an interactive menu.',
    )
    .version(version, '-V, --version', 'which Tixline this is')
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('See tixline --help.')
    .addOption(eventOption('the event of the menu', 1))
    .option('--email <address>', 'the buyer of the menu', DEMO_BUYER)
    .addOption(jsonOption().hideHelp())
    .usage('[command] [options]')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addHelpText('after', AFTER);

  const add = <Options, Answer>(
    parent: Command,
    name: string,
    about: string,
    task: Task<Options, Answer>,
    example: string,
  ) =>
    parent
      .command(name)
      .description(about)
      .addHelpText('after', `\nExample:\n  ${example}`)
      .addOption(jsonOption())
      .showHelpAfterError(
        `See tixline ${[parent === program ? '' : parent.name(), name].join(' ').trim()} --help.`,
      )
      .allowExcessArguments(false)
      .action(async (options: Options & { json?: boolean }) => {
        // It may also stand before the command.
        const json = options.json ?? program.opts<{ json?: boolean }>().json ?? false;
        done(await runTask(task, { ...options, json }));
      });
  const one = 'the event';
  const any = 'one event (all without it)';

  add(
    program,
    'availability',
    'What is left of each ticket type',
    availability,
    'tixline availability --event 1',
  ).addOption(eventOption(one, 1));
  add(
    program,
    'request',
    'Ask for tickets, as the API does',
    request,
    'tixline request --type VIP --quantity 2',
  )
    .addOption(eventOption(one, 1))
    .addOption(new Option('-t, --type <tier>', 'VIP or Regular').argParser(aTier).default('Regular'))
    .addOption(new Option('-q, --quantity <n>', 'how many tickets').argParser(whole(1, 32_767)).default(1))
    .option('--email <address>', 'the buyer, who has an account', DEMO_BUYER)
    .option('--key <key>', 'Idempotency-Key: the same key counts once');
  add(program, 'tick', 'Settle what is in line, once', tick, 'tixline tick');
  add(
    program,
    'transactions',
    'The newest rows of the ledger',
    transactions,
    'tixline transactions --event 1 --last 20',
  )
    .addOption(eventOption(any))
    .addOption(new Option('-n, --last <n>', 'how many').argParser(whole(1, 10_000)).default(10));
  add(
    program,
    'verify',
    'Prove from database and CSV that nothing was lost or sold twice',
    verify,
    'tixline verify --strict && echo sound',
  )
    .option('--strict', 'rows not yet in the CSV are a fault too: for a Tixline at rest')
    .option('--history <file>', "hold a client's own record of its requests against the database too")
    .addHelpText('after', WHAT_IT_PROVES);

  const line = group(program, 'line', 'Look at the line of an event, hold it, let it go on');
  add(
    line,
    'show',
    'Who waits, how far it is, whether it runs',
    lineShow,
    'tixline line show --json',
  ).addOption(eventOption(any));
  add(
    line,
    'pause',
    'Settle nothing more; a running server obeys at once',
    linePause,
    'tixline line pause --event 1',
  ).addOption(eventOption(one));
  add(line, 'resume', 'Go on settling', lineResume, 'tixline line resume --event 1').addOption(
    eventOption(one),
  );
  add(
    line,
    'requeue',
    'Put everybody who waits back into the queue, after it was lost',
    lineRequeue,
    'tixline line requeue --event 1',
  ).addOption(eventOption(any));

  const ledger = group(program, 'ledger', 'The transaction log');
  add(
    ledger,
    'rebuild',
    'Write transactions.csv anew from the database',
    ledgerRebuild,
    'tixline ledger rebuild',
  );

  const admin = group(program, 'admin', 'Accounts with a role');
  add(
    admin,
    'create',
    'Open an account for an admin, organizer or staff',
    adminCreate,
    "tixline admin create --name 'Ada Lovelace' --email ada@example.org --role organizer",
  )
    .requiredOption('--name <name>', 'whose it is')
    .requiredOption('--email <address>', 'what they sign in with')
    .addOption(new Option('--role <role>', 'what they may do').choices(ADMIN_ROLES).default('admin'))
    .addOption(
      new Option('--password <password>', 'seen by all who see the list of processes; asked for without it'),
    )
    .addOption(new Option('--password-stdin', 'read the password from standard input').conflicts('password'));

  add(
    program,
    'seed',
    'Put in the demo people and event, and buyers for load tests',
    seed,
    'tixline seed --buyers 5000',
  )
    .addOption(
      new Option('--buyers <n>', 'accounts buyer-1@load.test to buyer-n').argParser(whole(1, 1_000_000)),
    )
    .option('--force', 'put the buyers in though this is production');
  add(program, 'migrate', 'Bring the database schema up to date', migrate, 'tixline migrate');
  return program;
}

function group(program: Command, name: string, about: string): Command {
  return program
    .command(name)
    .description(about)
    .configureHelp({ subcommandTerm: (command) => command.name() });
}
