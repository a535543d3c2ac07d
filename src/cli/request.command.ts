import type { INestApplicationContext } from '@nestjs/common';
import { accountsOf } from '../accounts/index';
import { Line } from '../line/index';
import { Database } from '../platform/database/index';
import { Marks, type Identity } from '../platform/http/index';
import type { TierName } from '../shared/tier';
import { TicketRequests } from '../ticket-requests/index';
import { Failure } from './failure';
import { findEvent, nameOf } from './find-event';
import { paint, type Page } from './page';
import { facts } from './table';
import type { Task } from './task';

export const DEMO_BUYER = 'demo@local.test';

/** How long a command waits for the queue to take its permit. */
const PERMIT_LIMIT_MS = 2_000;

interface Options {
  readonly event: number;
  readonly type: TierName;
  readonly quantity: number;
  readonly email: string;
  readonly key?: string;
}

/** As POST /api/ticket-requests answers, and more of what a person wants to know. */
interface Accepted {
  readonly request_id: string;
  readonly event_id: number;
  readonly ticket_type: TierName;
  readonly quantity: number;
  readonly place: number;
  readonly position: number;
  readonly vip_ahead: number;
  readonly event_name: string;
  readonly buyer: string;
  /** The key had been used before: this is the first answer again. */
  readonly replayed: boolean;
  /** The queue has the permit; without it a server's sweeper makes up for it within seconds. */
  readonly permit: boolean;
}

/** Asks for tickets, the way the API does: durable, in line, settled by whoever ticks next. */
export const request: Task<Options, Accepted> = { needs: 'line', work, show };

async function work(
  tixline: INestApplicationContext,
  { event, type, quantity, email, key }: Options,
): Promise<Accepted> {
  const found = await findEvent(tixline, event);
  const me = await identityOf(tixline, email);
  const body = { event_id: event, ticket_type: type, quantity };
  const { answer, replayed } = await tixline.get(TicketRequests, { strict: false }).ask(body, key, me);
  const permit = await tixline.get(Line, { strict: false }).arrived(PERMIT_LIMIT_MS);
  return { ...answer, event_name: nameOf(found), buyer: email, replayed, permit };
}

/** The buyer as their access token would name them. Throws `Failure` with the ways to get an account. */
async function identityOf(tixline: INestApplicationContext, email: string): Promise<Identity> {
  const [user] = await accountsOf(tixline.get(Database), [email]);
  if (user === undefined) {
    const cure =
      email === DEMO_BUYER ? 'Put the demo people in with tixline seed' : 'Register it in the web client';
    throw new Failure(
      'unknown-buyer',
      `Nobody is registered as ${email}. ${cure}, or name another with --email.`,
    );
  }
  if (!user.active)
    throw new Failure('unknown-buyer', `The account ${email} is closed. Name another with --email.`);
  const mark = tixline.get(Marks, { strict: false }).of(user.id);
  return { userId: user.id, role: user.role, mark, expiresAtMs: Infinity };
}

function show(accepted: Accepted, page: Page): string {
  const {
    request_id,
    ticket_type,
    quantity,
    place,
    position,
    vip_ahead,
    event_name,
    buyer,
    replayed,
    permit,
  } = accepted;
  const vips = vip_ahead === 0 ? '' : `, ${vip_ahead} VIP${vip_ahead === 1 ? '' : 's'} among those ahead`;
  const head = replayed ? 'Asked before with this key: the first answer again.' : 'In line.';
  const next = permit
    ? 'A running server settles it with its next tick; without one: tixline tick'
    : 'The queue did not take it yet. It is safe: a running server puts it in line within seconds.';
  return (
    `${paint(page, 'green', head)}\n\n` +
    facts(
      [
        ['Event', event_name],
        ['Tickets', `${ticket_type} × ${quantity}`],
        ['Buyer', buyer],
        ['Place', String(place)],
        ['Position', position === 1 ? '1: next' : `${position}${vips}`],
        ['Request', request_id],
      ],
      page,
    ) +
    `\n${next}\n`
  );
}
