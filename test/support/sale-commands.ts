import fc from 'fast-check';
import { Line, Sweeper } from '../../src/line';
import type { Database } from '../../src/platform/database';
import { EventLines } from '../../src/platform/queue';
import { Settlement } from '../../src/settlement';
import { ticketId } from '../../src/shared/standing-id';
import { tierName, type Tier } from '../../src/shared/tier';
import { TicketTokens } from '../../src/tickets/ticket-tokens';
import type { ModelAsk, ModelRequest, SaleModel } from './sale-model';
import type { Person, Tixline } from './tixline';

/** A sale that really runs: several Tixlines on one database, and people. */
export interface RealSale {
  readonly tixlines: readonly Tixline[];
  readonly eventId: number;
  readonly buyers: readonly Person[];
  readonly staff: Person;
}

type Step = (model: SaleModel, real: RealSale) => Promise<void>;

/** One thing that happens: done to both, and then both must say the same. */
class Happening implements fc.AsyncCommand<SaleModel, RealSale> {
  constructor(
    private readonly words: string,
    private readonly step: Step,
    private readonly possible: (model: SaleModel) => boolean = () => true,
  ) {}

  check(model: SaleModel): boolean {
    return this.possible(model);
  }

  async run(model: SaleModel, real: RealSale): Promise<void> {
    await this.step(model, real);
    await compare(model, real);
  }

  toString(): string {
    return this.words;
  }
}

/** Lets the model settle as far as the line has got, and throws where the database tells another story. */
async function compare(model: SaleModel, { tixlines, eventId }: RealSale): Promise<void> {
  const { rows } = await tixlines[0]!.sql<{ vip: number; regular: number; sale: unknown }>(
    `SELECT l.vip_served AS vip, l.regular_served AS regular, jsonb_build_object(
       'left', (SELECT jsonb_object_agg(tier, remaining) FROM ticket_types WHERE event_id = $1),
       'requests', (SELECT coalesce(jsonb_agg(jsonb_build_array(id, tier, place, quantity, coalesce(reason::text, status::text),
          first_number, returned_at IS NOT NULL, (SELECT count(*) FROM tickets k WHERE k.request_id = r.id AND k.status = 'entered'))
          ORDER BY id), '[]') FROM ticket_requests r WHERE event_id = $1 AND (reason IS NULL OR status <> 'cancelled')
       )) AS sale FROM lines l WHERE event_id = $1`,
    [eventId],
  );
  const { vip, regular, sale } = rows[0]!;
  model.servedTo(vip, regular);
  const requests = model.requests
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((r) => [r.id, r.tier, r.place, r.quantity, r.outcome, r.firstNumber, r.returned, r.entered.size]);
  expect(sale).toEqual({ left: model.left, requests });
}

/** Waits until every permit stands in the queue, so that the same steps do the same again. */
const arrived = ({ tixlines }: RealSale) =>
  Promise.all(tixlines.map((tixline) => tixline.app.get(Line).arrived(2_000)));

const ask = (at: number, wanted: ModelAsk): Step =>
  async function (model, { tixlines, eventId, buyers }) {
    const { buyer, tier, quantity, key } = wanted;
    const expected = model.expects(wanted);
    const answer = await tixlines[at]!.post('/api/ticket-requests', {
      as: buyers[buyer]!,
      body: { event_id: eventId, ticket_type: tierName(tier), ...(quantity !== undefined && { quantity }) },
      headers: key === undefined ? {} : { 'idempotency-key': `key-${eventId}-${key}` },
    });
    const body = answer.json<{ code?: string; request_id: string; place: number }>();
    if (typeof expected === 'string') return expect([answer.statusCode, body.code]).toEqual([422, expected]);
    expect(answer.statusCode).toBe(202);
    expect(answer.headers['idempotent-replayed']).toBe(typeof expected === 'number' ? undefined : 'true');
    if (typeof expected === 'object') return expect(body.request_id).toBe(expected.id);
    expect(body.place).toBe(expected);
    model.accepted(wanted, body.request_id);
  };

const tick = (at: number): Step =>
  async function (_, real) {
    await arrived(real);
    await real.tixlines[at]!.tick();
  };

/** A settler does all its work up to these places and dies before it commits. */
const diesBeforeCommit = (at: number, vip: number, regular: number, most: number): Step =>
  async function (_, { tixlines, eventId }) {
    const { database } = tixlines[at]!;
    const dies: Pick<Database, 'transaction'> = {
      transaction: (work) =>
        database.transaction(async (client) => {
          await work(client);
          throw new Error('died before commit');
        }),
    };
    const settling = new Settlement(dies as Database).settle(eventId, { vip, regular }, most);
    await expect(settling).rejects.toThrow('died before commit');
  };

/** A settler settles some and dies before it has ended the permits: they are delivered again. */
const diesAfterCommit = (at: number, vip: number, regular: number, most: number): Step =>
  async function (_, { tixlines, eventId }) {
    await tixlines[at]!.app.get(Settlement, { strict: false }).settle(eventId, { vip, regular }, most);
  };

const loseQueue: Step = async (_, real) => {
  await arrived(real);
  await real.tixlines[0]!.app.get(EventLines).queue(real.eventId).obliterate({ force: true });
};

/** The sweeper looks twice, as it does every two seconds. */
const sweep = (at: number): Step =>
  async function (_, real) {
    await arrived(real);
    const sweeper = real.tixlines[at]!.app.get(Sweeper);
    await sweeper.sweep();
    await sweeper.sweep();
  };

/** A permit that was there before comes again, or one for places that nobody has. */
const redeliver = (at: number, tier: Tier, to: number): Step =>
  async function (_, { tixlines, eventId }) {
    await tixlines[at]!.app.get(EventLines).offer({ eventId, tier, from: 1, to, requests: to });
  };

const leave = (at: number, which: number): Step =>
  async function (model, { tixlines, buyers }) {
    const { id, buyer, request } = pick(model.requests, which);
    const answer = await tixlines[at]!.delete(`/api/ticket-requests/${id}`, { as: buyers[buyer]! });
    expect(answer.statusCode).toBe(model.leave(request));
  };

const giveBack = (at: number, which: number): Step =>
  async function (model, { tixlines, buyers }) {
    const { id, buyer, request } = pick(model.granted, which);
    const answer = await tixlines[at]!.post(`/api/orders/${id}/cancel`, { as: buyers[buyer]! });
    expect(answer.statusCode).toBe(model.giveBack(request));
  };

const scan = (at: number, which: number, seat: number): Step =>
  async function (model, { tixlines, eventId, staff }) {
    const { request } = pick(model.granted, which);
    const nth = seat % request.quantity;
    const id = ticketId({ eventId, number: request.firstNumber! + nth });
    const token = tixlines[at]!.app.get(TicketTokens, { strict: false }).sign(id);
    const answer = await tixlines[at]!.post(`/api/tickets/checkin/${token}`, { as: staff });
    const { ok, reason } = answer.json<{ ok: boolean; reason: string | null }>();
    expect(ok ? 'ok' : reason).toBe(model.scan(request, nth));
  };

function pick(requests: readonly ModelRequest[], which: number) {
  const request = requests[which % requests.length]!;
  return { request, id: request.id, buyer: request.buyer };
}

/** Whatever is lost or half done is made up for: afterwards nobody waits. */
export async function settleTheRest(model: SaleModel, real: RealSale): Promise<void> {
  for (let round = 0; round < 3 && model.waiting.length > 0; round += 1) {
    await new Happening('sweep', sweep(0)).run(model, real);
    await new Happening('tick', tick(round % 2)).run(model, real);
  }
  expect(model.waiting).toEqual([]);
}

/** Any of the things that may happen, at either of two processes; asking and ticking more often than the rest. */
export function happenings(buyers: number): fc.Arbitrary<Happening>[] {
  const at = fc.nat(1);
  const tier = fc.constantFrom<Tier>(1, 2);
  const which = fc.nat(30);
  const place = fc.nat(12);
  const most = fc.integer({ min: 1, max: 5 });
  const wanted = fc.record({
    buyer: fc.nat(buyers - 1),
    tier,
    quantity: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined, freq: 6 }),
    key: fc.option(fc.nat(2), { nil: undefined, freq: 2 }),
  });
  const asking = fc
    .tuple(at, wanted)
    .map(([i, w]) => new Happening(`ask(${i}, ${JSON.stringify(w)})`, ask(i, w)));
  const ticking = at.map((i) => new Happening(`tick(${i})`, tick(i)));
  const granted = (model: SaleModel) => model.granted.length > 0;
  const dying = fc.tuple(at, place, place, most);
  return [
    ...Array.from({ length: 9 }, () => asking),
    ...Array.from({ length: 2 }, () => ticking),
    fc.tuple(at, which).map(([i, n]) => {
      const someAsked = (model: SaleModel) => model.requests.length > 0;
      return new Happening(`leave(${i}, ${n})`, leave(i, n), someAsked);
    }),
    dying.map((args) => new Happening(`diesBeforeCommit(${args.join(', ')})`, diesBeforeCommit(...args))),
    dying.map((args) => new Happening(`diesAfterCommit(${args.join(', ')})`, diesAfterCommit(...args))),
    fc.constant(new Happening('loseQueue', loseQueue)),
    at.map((i) => new Happening(`sweep(${i})`, sweep(i))),
    fc
      .tuple(at, tier, fc.integer({ min: 1, max: 40 }))
      .map((args) => new Happening(`redeliver(${args.join(', ')})`, redeliver(...args))),
    fc.tuple(at, which).map(([i, n]) => new Happening(`giveBack(${i}, ${n})`, giveBack(i, n), granted)),
    fc
      .tuple(at, which, fc.nat(3))
      .map((args) => new Happening(`scan(${args.join(', ')})`, scan(...args), granted)),
  ];
}
