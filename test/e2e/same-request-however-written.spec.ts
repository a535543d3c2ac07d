import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { TicketRequests } from '../../src/ticket-requests/ticket-requests.service';
import { several, stopAll } from '../support/several';
import type { Person, Tixline } from '../support/tixline';

interface Wanted {
  readonly event: 0 | 1;
  readonly ticket_type: 'VIP' | 'Regular';
  readonly quantity: number;
}

const wanted: fc.Arbitrary<Wanted> = fc.record({
  event: fc.constantFrom(0 as const, 1 as const),
  ticket_type: fc.constantFrom('VIP' as const, 'Regular' as const),
  quantity: fc.integer({ min: 1, max: 4 }),
});

/** The part of `TicketRequests` that compares, which is private. */
interface FirstAnswers {
  firstAnswer(body: object, key: string, me: object): Promise<unknown>;
}

/** Ways to write one body: the order of its fields, spaces, numbers and letters spelled otherwise, a default left out. */
const spelling = fc.record({
  order: fc.shuffledSubarray(['event_id', 'ticket_type', 'quantity'], { minLength: 3 }),
  space: fc.constantFrom('', ' ', '\n\t'),
  number: fc.constantFrom(
    String,
    (n: number) => n.toFixed(1),
    (n: number) => `${n}e0`,
  ),
  escaped: fc.boolean(),
  spelledOut: fc.boolean(),
  twice: fc.boolean(),
  asHeader: fc.constantFrom('idempotency-key', 'Idempotency-Key', 'IDEMPOTENCY-KEY'),
});
type Spelling = typeof spelling extends fc.Arbitrary<infer T> ? T : never;

function write({ ticket_type, quantity }: Wanted, eventId: number, how: Spelling): string {
  const letters = [...ticket_type].map(
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const values: Record<string, string> = {
    event_id: how.number(eventId),
    ticket_type: how.escaped ? `"${letters.join('')}"` : `"${ticket_type}"`,
    quantity: how.number(quantity),
  };
  const members = how.order
    .filter((name) => name !== 'quantity' || quantity > 1 || how.spelledOut)
    .map((name) => `"${name}"${how.space}:${how.space}${values[name]}`);
  // Of a field that stands there twice the last counts, as everywhere in JavaScript.
  if (how.twice) members.unshift('"event_id":1', '"ticket_type":"VIP"');
  return `${how.space}{${how.space}${members.join(`${how.space},`)}}${how.space}`;
}

describe('with one key the same request is the same however it is written, and another is refused', () => {
  let apis: Tixline[];
  let buyer: Person;
  let events: number[];
  beforeAll(async () => {
    apis = await several(2);
    const tixline = apis[0]!;
    buyer = await tixline.person();
    const seats = { vip: 1_000, regular: 1_000 };
    events = [await tixline.event(seats), await tixline.event(seats)];
    // An event that nobody has asked at yet has no answers to repeat.
    for (const id of events) await tixline.ask(await tixline.person(), id);
  });
  afterAll(() => stopAll(apis));

  const send = (at: number, key: string, want: Wanted, how: Spelling) =>
    apis[at]!.app.inject({
      method: 'POST',
      url: '/api/ticket-requests',
      headers: {
        authorization: `Bearer ${buyer.token}`,
        'content-type': 'application/json',
        [how.asHeader]: key,
      },
      payload: write(want, events[want.event]!, how),
    });

  const property = fc.asyncProperty(
    wanted,
    spelling,
    wanted,
    spelling,
    fc.nat(1),
    async (a, how, b, other, at) => {
      const key = randomUUID();
      const first = await send(0, key, a, how);
      expect(first.statusCode).toBe(202);
      const second = await send(at, key, b, other);
      const same = a.event === b.event && a.ticket_type === b.ticket_type && a.quantity === b.quantity;
      if (!same) {
        expect([second.statusCode, second.json<{ code: string }>().code]).toEqual([422, 'key-reused']);
      } else {
        expect([second.statusCode, second.body]).toEqual([202, first.body]);
        expect(second.headers['idempotent-replayed']).toBe('true');
      }
      // Whatever was refused in between, the first answer stands.
      expect((await send(1 - at, key, a, other)).body).toBe(first.body);
    },
  );

  it('two of any', async () => {
    await fc.assert(property, { numRuns: 100 });
  }, 60_000);

  it('the same in two spellings', async () => {
    const same = fc.asyncProperty(
      wanted,
      fc.array(spelling, { minLength: 2, maxLength: 4 }),
      async (want, ways) => {
        const key = randomUUID();
        const answers = [];
        for (const [i, how] of ways.entries()) answers.push(await send(i % 2, key, want, how));
        expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`)).size).toBe(1);
        expect(answers[0]!.statusCode).toBe(202);
      },
    );
    await fc.assert(same, { numRuns: 60 });
  }, 60_000);

  it('is seen to fail when the quantity is not compared', async () => {
    const service = apis[0]!.app.get<FirstAnswers>(TicketRequests, { strict: false });
    const honest = service.firstAnswer.bind(service);
    service.firstAnswer = async (body, key, me) => {
      const { rows } = await apis[0]!.sql<{ quantity: number }>(
        `SELECT quantity FROM idempotency_keys WHERE key = $1`,
        [key],
      );
      return honest({ ...body, quantity: rows[0]!.quantity }, key, me);
    };
    const { errorInstance } = await fc.check(property, { numRuns: 200, endOnFailure: true, seed: 1 });
    service.firstAnswer = honest;
    expect(String((errorInstance as Error | null)?.message)).toMatch(/-\s+422/);
  }, 60_000);
});
