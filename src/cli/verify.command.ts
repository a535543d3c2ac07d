import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { INestApplicationContext } from '@nestjs/common';
import {
  HISTORY_CHECKS,
  HISTORY_FORMAT,
  Verify,
  VERIFY_CHECKS,
  type Finding,
  type Verification,
} from '../ledger/index';
import { EXIT, Failure } from './failure';
import { tierName, type Tier } from '../shared/tier';
import { paint, type Page } from './page';
import { Progress } from './progress';
import { table, type Column } from './table';
import type { Task } from './task';
import { wrap } from './text-width';

interface Options {
  readonly strict?: boolean;
  readonly history?: string;
  readonly json?: boolean;
}

/** What the checks are, for the help. */
export const WHAT_IT_PROVES = `
What it proves:
${listed(VERIFY_CHECKS)}
With --history also:
${listed(HISTORY_CHECKS)}${HISTORY_FORMAT}`;

/** The proof, as a table; what breaks it, row by row. */
export const verify: Task<Options, Verification> = {
  needs: 'records',
  prepare,
  work,
  show,
  holds: ({ ok }) => ok,
};

/** Looks at the history first: to learn after minutes that its name was mistyped would be a pity. */
async function prepare(options: Options): Promise<Options> {
  const { history } = options;
  if (history === undefined) return options;
  const refusal = await access(history, constants.R_OK).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error.code,
  );
  if (refusal === undefined) return options;
  throw new Failure('file', `The history ${history} cannot be read (${refusal}).`, EXIT.unusable);
}

async function work(
  tixline: INestApplicationContext,
  { strict = false, history }: Options,
): Promise<Verification> {
  const progress = new Progress();
  const onCheck = (name: string, number: number, of: number) =>
    progress.say(`Checking ${number} of ${of}: ${name} …`);
  try {
    return await tixline
      .get(Verify, { strict: false })
      .run({ strict, onCheck, ...(history !== undefined && { history }) });
  } finally {
    progress.end();
  }
}

function show({ ok, seconds, checks, ledger_file: file }: Verification, page: Page): string {
  const overview = table(
    checks,
    [
      { title: ' ', cell: ({ broken }) => (broken === 0 ? '✓' : '✗'), style },
      { title: 'Check', cell: ({ name }) => name },
      { title: 'Counted', cell: ({ counted }) => counted.toLocaleString('en'), align: 'right' },
      { title: 'Broken', cell: ({ broken }) => broken.toLocaleString('en'), align: 'right', style },
      { title: 'Proves', cell: ({ proves }) => proves, optional: true, style: () => 'dim' },
    ],
    page,
  );
  const broken = checks.filter((check) => check.broken > 0);
  const later = file?.rows_not_yet_written ?? 0;
  const waiting =
    later === 0 ? '' : `${later.toLocaleString('en')} rows of the ledger are not yet in ${file?.path}\n`;
  const verdict = ok
    ? paint(page, ['bold', 'green'], `All ${checks.length} checks hold.`)
    : paint(page, ['bold', 'red'], `${broken.length} of ${checks.length} checks are broken.`);
  const details = broken.map((check) => detail(check, page)).join('');
  return `${overview}${details}\n${waiting}${verdict} (${seconds.toFixed(1)} s)\n`;
}

function listed(checks: readonly { name: string; proves: string }[]): string {
  return checks.map(({ name, proves }) => `  ${name.padEnd(17)}${proves}\n`).join('');
}

const style = ({ broken }: Finding) => (broken === 0 ? ('green' as const) : ('red' as const));

function detail({ name, proves, broken, rows }: Finding, page: Page): string {
  const [first = {}] = rows;
  const columns = Object.entries(first).map(([key, value]): Column<object> => ({
    title: key.replaceAll('_', ' '),
    cell: (row) => word(key, (row as Record<string, unknown>)[key]),
    flexible: true,
    ...(typeof value === 'number' && key !== 'tier' && { align: 'right' }),
  }));
  const title = paint(page, ['bold', 'red'], `✗ ${name}: ${broken.toLocaleString('en')} broken`);
  const rule = wrap(`It should be so: ${proves}`, page.width, '  ');
  const more = broken > rows.length ? `  … and ${(broken - rows.length).toLocaleString('en')} more\n` : '';
  return `\n${title}\n${rule}\n\n${table(rows, columns, page)}${more}`;
}

function word(key: string, value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (key === 'tier') return tierName(value as Tier);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
