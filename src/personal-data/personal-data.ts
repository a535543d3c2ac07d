import { Injectable } from '@nestjs/common';
import { Accounts, type UserDto } from '../accounts/index';
import { Database } from '../platform/database/index';
import type { Identity, PageDto } from '../platform/http/index';
import { TicketRequests } from '../ticket-requests/index';
import { Orders } from '../tickets/index';
import { OPENED_AT, SESSIONS } from './erasure.sql';

/** Rows in memory at once. */
const ROWS_AT_ONCE = 200;

/** Everything kept about a person, as text in pieces. */
@Injectable()
export class PersonalData {
  constructor(
    private readonly accounts: Accounts,
    private readonly requests: TicketRequests,
    private readonly orders: Orders,
    private readonly database: Database,
  ) {}

  /**
   * Everything kept about this person as one JSON document (MyDataDto), piece by piece: however much it is, little of it
   * is in memory. Throws `Problem` sign-in-required when the account is gone; the pieces reject when the database goes
   * away meanwhile.
   */
  async of(me: Identity): Promise<AsyncIterable<string>> {
    return this.pieces(me, await this.accounts.find(me.userId));
  }

  private async *pieces(me: Identity, user: UserDto): AsyncGenerator<string> {
    const opened = await this.database.query<{ created_at: Date }>(OPENED_AT, [me.userId]);
    const account = { ...user, created_at: opened.rows[0]!.created_at };
    yield `{"exported_at":${JSON.stringify(new Date())},"account":${JSON.stringify(account)},"requests":[`;
    yield* lines((page) => this.requests.list(me, page), asked);
    yield '],"orders":[';
    yield* lines((page) => this.orders.list(me, page), bought);
    const { rows: sessions } = await this.database.query(SESSIONS, [me.userId]);
    yield `],"sessions":${JSON.stringify(sessions)}}\n`;
  }
}

/** All items of a list as JSON, with commas between them, a page at a time. */
async function* lines<Item>(
  list: (page: PageDto) => Promise<{ items: Item[]; next_cursor: string | null }>,
  kept: (item: Item) => object,
): AsyncGenerator<string> {
  let cursor: string | undefined;
  let between = '';
  do {
    const page = await list({ limit: ROWS_AT_ONCE, ...(cursor !== undefined && { cursor }) });
    for (const item of page.items) {
      yield between + JSON.stringify(kept(item));
      between = ',\n';
    }
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}

type Request = Awaited<ReturnType<TicketRequests['list']>>['items'][number];
type Order = Awaited<ReturnType<Orders['list']>>['items'][number];

/** What is kept of a request; where it stands right now is not. */
const asked = ({
  request_id,
  event_id,
  ticket_type,
  quantity,
  place,
  status,
  reason,
  created_at,
}: Request) => ({
  request_id,
  event_id,
  ticket_type,
  quantity,
  place,
  status,
  reason,
  created_at,
});

/** An order without its QR codes: who has the file could go in with them. */
const bought = ({ tickets, ...order }: Order) => ({
  ...order,
  tickets: tickets.map(({ id, code, entry_code, status, entered_at }) => ({
    id,
    code,
    entry_code,
    status,
    entered_at,
  })),
});
