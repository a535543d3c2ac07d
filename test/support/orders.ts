import type { Person, Tixline } from './tixline';

export interface Ticket {
  readonly id: string;
  readonly code: string;
  readonly entry_code: string;
  readonly status: string;
  readonly qr_token: string;
}

export interface Order {
  readonly id: string;
  readonly status: string;
  readonly tickets: readonly Ticket[];
}

/** A buyer's newest order. */
async function orderOf(tixline: Tixline, buyer: Person): Promise<Order> {
  const answer = await tixline.get('/api/orders?limit=1', { as: buyer });
  return answer.json<{ items: Order[] }>().items[0]!;
}

/** Asks for everybody, settles, and answers each one's order. */
export async function buy(
  tixline: Tixline,
  buyers: readonly Person[],
  eventId: number,
  quantity = 1,
): Promise<Order[]> {
  await Promise.all(buyers.map((buyer) => tixline.ask(buyer, eventId, 'Regular', quantity)));
  await tixline.settleAll();
  return Promise.all(buyers.map((buyer) => orderOf(tixline, buyer)));
}
