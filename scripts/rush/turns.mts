/** Whether VIPs pass: at a line that is held Regulars ask first, then VIPs; then it goes on. */
import { setTimeout as delay } from 'node:timers/promises';
import type { TierName } from './buyers.mts';
import type { Client } from './client.mts';
import { expectStatus, openSale } from './sale.mts';
import { tixline } from '../servers/own-tixline.mts';

const MOST_PEOPLE = 300;
const LIMIT_MS = 30_000;

export interface Turns {
  readonly regulars_first: number;
  readonly then_vips: number;
  /** All VIPs were settled before all Regulars, and each tier in the order of its places. */
  readonly in_order: boolean;
}

/** One ticket for each of up to 300 people, a third of them VIPs. The ledger tells in which order they were settled. */
export async function takeTurns(
  client: Client,
  tokens: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Turns> {
  const people = tokens.slice(0, MOST_PEOPLE);
  const vipCount = Math.ceil(people.length / 3);
  const sale = await openSale(client, 'Turns', people.length, people.length);
  await sale.hold(true);
  const regulars = await askAll(client, people.slice(vipCount), sale.eventId, 'Regular');
  const vips = await askAll(client, people.slice(0, vipCount), sale.eventId, 'VIP');
  await sale.hold(false);
  await untilServed(client, sale.eventId);

  const last = ['--event', String(sale.eventId), '--last', String(people.length)];
  const ledger = await tixline(['transactions', ...last, '--json'], environment);
  if (!ledger.ok) throw new Error(ledger.text);
  const newestFirst: { request_id: string }[] = JSON.parse(ledger.text).items;
  const settled = newestFirst.map((row) => row.request_id).toReversed();
  const inOrder = settled.join() === [...vips, ...regulars].join();
  return { regulars_first: regulars.length, then_vips: vips.length, in_order: inOrder };
}

/** Everybody asks at once. Answers the requests in the order of the places they were given. */
async function askAll(
  client: Client,
  tokens: readonly string[],
  eventId: number,
  tier: TierName,
): Promise<string[]> {
  const body = { event_id: eventId, ticket_type: tier };
  const answers = await Promise.all(tokens.map((token) => client.post('/api/ticket-requests', body, token)));
  return answers
    .map((answer) => expectStatus(answer, 202).body)
    .toSorted((a, b) => a.place - b.place)
    .map(({ request_id }) => request_id);
}

async function untilServed(client: Client, eventId: number): Promise<void> {
  for (const endsAt = Date.now() + LIMIT_MS; Date.now() < endsAt; await delay(250)) {
    const { vip, regular } = expectStatus(await client.get(`/api/events/${eventId}/line`), 200).body;
    if (vip.waiting + regular.waiting === 0) return;
  }
  throw new Error(`The line of event ${eventId} stands still`);
}
