import type { INestApplicationContext } from '@nestjs/common';
import { accountsOf, Passwords, putInBuyers } from '../accounts/index';
import type { Config } from '../config/index';
import { DEMO_EMAILS, DEMO_PASSWORD, putInDemo } from '../demo';
import { Database } from '../platform/database/index';
import { EXIT, Failure } from './failure';
import { findEvents, nameOf } from './find-event';
import { facts, table } from './table';
import { paint, type Page } from './page';
import { Progress } from './progress';
import { configOf, type Task } from './task';

interface Options {
  readonly buyers?: number;
  readonly force?: boolean;
}

interface Seeded {
  readonly event: { readonly id: number; readonly code: string; readonly name: string } | null;
  readonly people: readonly { readonly email: string; readonly role: string }[];
  readonly password: string;
  readonly buyers: { readonly added: number; readonly in_all: number } | null;
}

/** Rows in one statement: well within the time the pool gives one. */
const BUYERS_AT_ONCE = 20_000;

export const seed: Task<Options, Seeded> = { needs: 'records', prepare, work, show };

async function prepare(options: Options, { production }: Config): Promise<Options> {
  if (production && options.buyers === undefined) {
    throw new Failure(
      'production',
      'The demo accounts have a known password, so they are not put in where NODE_ENV=production.',
      EXIT.unusable,
    );
  }
  if (production && !options.force) {
    throw new Failure(
      'production',
      'Load-test buyers have a known password. Where NODE_ENV=production they need --force.',
      EXIT.unusable,
    );
  }
  return options;
}

async function work(tixline: INestApplicationContext, { buyers }: Options): Promise<Seeded> {
  const { production } = configOf(tixline);
  if (!production) await putInDemo(tixline);
  const [event] = await findEvents(tixline, [1]);
  const people = production ? [] : await accountsOf(tixline.get(Database), DEMO_EMAILS);
  return {
    event: event === undefined ? null : { id: event.id, code: event.code, name: event.name },
    people: people.map(({ email, role }) => ({ email, role })),
    password: DEMO_PASSWORD,
    buyers: buyers === undefined ? null : { added: await addBuyers(tixline, buyers), in_all: buyers },
  };
}

async function addBuyers(tixline: INestApplicationContext, buyers: number): Promise<number> {
  // One hash for all: what it costs is the point of a password's hash, and nobody's account is protected by this one.
  const hashed = await tixline.get(Passwords, { strict: false }).hash(DEMO_PASSWORD);
  const progress = new Progress();
  let added = 0;
  for (let first = 1; first <= buyers; first += BUYERS_AT_ONCE) {
    const last = Math.min(buyers, first + BUYERS_AT_ONCE - 1);
    added += await putInBuyers(tixline.get(Database), first, last, hashed);
    progress.say(`${counted(last)} of ${counted(buyers)} buyers …`);
  }
  progress.end();
  return added;
}

function show({ event, people, password, buyers }: Seeded, page: Page): string {
  const parts: string[] = [];
  if (people.length > 0) {
    const columns = [
      { title: 'Sign in as', cell: (person: Seeded['people'][number]) => person.email },
      { title: 'Role', cell: (person: Seeded['people'][number]) => person.role },
    ];
    parts.push(
      `${paint(page, 'green', 'The demo is in:')} ${event === null ? 'no event 1' : nameOf(event)}\n\n${table(people, columns, page)}`,
    );
  }
  if (buyers !== null) {
    const { added, in_all } = buyers;
    const had = in_all > added ? `, ${counted(in_all - added)} were there` : '';
    parts.push(
      `${paint(page, 'green', `${counted(added)} buyers added`)}${had}: buyer-1@load.test to buyer-${in_all}@load.test\n`,
    );
  }
  return `${parts.join('\n')}\n${facts([['Password', password]], page)}`;
}

function counted(number: number): string {
  return number.toLocaleString('en');
}
