import type { INestApplicationContext } from '@nestjs/common';
import { Accounts, RegisterDto, type UserDto } from '../accounts/index';
import { bodyValidation, type Role } from '../platform/http/index';
import { EXIT, Failure } from './failure';
import { paint, type Page } from './page';
import { askSecret, readAll } from './prompt';
import { configOf, type Task } from './task';
import { harmless } from './text-width';

export const ADMIN_ROLES = ['admin', 'organizer', 'staff'] as const satisfies readonly Role[];

interface Options {
  readonly name: string;
  readonly email: string;
  readonly role: (typeof ADMIN_ROLES)[number];
  readonly password?: string;
  readonly passwordStdin?: boolean;
}

interface Created {
  readonly user: UserDto;
  readonly sign_in: string;
}

/** Opens an account with a role, which registering never gives. The same rules hold as for everybody's account. */
export const adminCreate: Task<Options, Created> = { needs: 'records', prepare, work, show };

/** Sees to it that there is a password, and that the fields are right, before anything is started. */
async function prepare(options: Options): Promise<Options> {
  const password = options.password ?? (options.passwordStdin ? await fromStdin() : await fromTerminal());
  const { name, email } = options;
  await bodyValidation().transform({ name, email, password }, { type: 'body', metatype: RegisterDto });
  return { ...options, password };
}

async function work(tixline: INestApplicationContext, { name, email, password, role }: Options): Promise<Created> {
  const user = await tixline.get(Accounts, { strict: false }).register({ name, email, password: password! }, role);
  return { user, sign_in: `${configOf(tixline).appUrl}/sign-in` };
}

async function fromStdin(): Promise<string> {
  const password = (await readAll(process.stdin)).replace(/\r?\n$/, '');
  if (password === '') throw new Failure('usage', 'There was no password on standard input.', EXIT.unusable);
  return password;
}

async function fromTerminal(): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new Failure('usage', 'No password: give it on standard input with --password-stdin.', EXIT.unusable);
  }
  const password = await askSecret('Password (8 characters or more): ');
  if (password === undefined) throw new Failure('stopped', 'Stopped: no account was made.');
  if ((await askSecret('The same again: ')) !== password) {
    throw new Failure('usage', 'The two passwords differ: no account was made. Try again.', EXIT.unusable);
  }
  return password;
}

function show({ user, sign_in }: Created, page: Page): string {
  const { name, email, role } = user;
  return `${paint(page, 'green', 'Done.')} ${harmless(name)} <${harmless(email)}> is ${role === 'staff' ? 'staff' : `an ${role}`} now, and can sign in at ${sign_in}\n`;
}
