import { faultsIn, outcomesOf } from '../support/books';
import { Tixline, type Person } from '../support/tixline';

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

interface Own {
  id: number;
  version: number;
  state: string;
  ticket_types: { id: number; tier: string; capacity: number; remaining: number }[];
}

describe('the rules of a sale', () => {
  let tixline: Tixline;
  let organizer: Person;
  beforeAll(async () => {
    tixline = await Tixline.start();
    organizer = await tixline.person('organizer');
  });
  afterAll(() => tixline.stop());

  async function make(fields: object = {}): Promise<Own> {
    const body = {
      name: 'A night to remember',
      starts_at: '2027-05-01T18:00:00Z',
      ticket_types: [{ name: 'Regular', tier: 'Regular', capacity: 10, price_cents: 4_500 }],
      ...fields,
    };
    const answer = await tixline.post('/api/events', { as: organizer, body });
    expect(answer.statusCode).toBe(201);
    return answer.json<Own>();
  }

  const step = (id: number, name: 'open' | 'close', as = organizer) =>
    tixline.post(`/api/events/${id}/${name}`, { as });

  async function onSale(fields: object = {}): Promise<Own> {
    const event = await make(fields);
    return (await step(event.id, 'open')).json<Own>();
  }

  async function refusal(
    eventId: number,
    type: 'VIP' | 'Regular' = 'Regular',
    quantity = 1,
  ): Promise<string> {
    const answer = await tixline.ask(await tixline.person(), eventId, type, quantity);
    const { code = 'none' } = answer.json<{ code?: string }>();
    return `${answer.statusCode} ${code}`;
  }

  it('a draft is nobody’s business: 404 wherever it is asked for', async () => {
    const { id } = await make();
    expect(await refusal(id)).toBe('404 not-found');
    for (const url of [`/api/events/${id}`, `/api/events/${id}/line`, `/api/availability?event_id=${id}`]) {
      expect((await tixline.get(url)).statusCode).toBe(404);
    }
    const listed = (await tixline.get('/api/events')).json<Own[]>();
    expect(listed.map((event) => event.id)).not.toContain(id);
    expect((await tixline.get(`/api/events/mine/${id}`, { as: organizer })).statusCode).toBe(200);
  });

  it('before the opening and after the close nobody is taken in: 409 sale-not-open', async () => {
    const early = await onSale({ sale_opens_at: inHours(1) });
    expect(await refusal(early.id)).toBe('409 sale-not-open');
    const late = await onSale({ sale_opens_at: inHours(-2), sale_closes_at: inHours(-1) });
    expect(await refusal(late.id)).toBe('409 sale-not-open');
    const running = await onSale({ sale_opens_at: inHours(-1), sale_closes_at: inHours(1) });
    expect(await refusal(running.id)).toBe('202 none');
    await step(running.id, 'close');
    await tixline.tick();
    expect(await refusal(running.id)).toBe('409 sale-not-open');
    await step(running.id, 'open');
    await tixline.tick();
    expect(await refusal(running.id)).toBe('202 none');
  });

  it('those who wait when the sale is closed are refused: sale_closed', async () => {
    const { id } = await onSale();
    for (const person of await tixline.peopleOf(3)) await tixline.ask(person, id);
    await step(id, 'close');
    await tixline.settleAll();
    expect(await outcomesOf(tixline, id)).toEqual({ sale_closed: 3 });
  });

  it('those who wait for an event that is cancelled are refused: event_cancelled', async () => {
    const { id } = await onSale();
    for (const person of await tixline.peopleOf(3)) await tixline.ask(person, id);
    await tixline.sql(`UPDATE events SET state = 'cancelled' WHERE id = $1`, [id]);
    await tixline.settleAll();
    expect(await outcomesOf(tixline, id)).toEqual({ event_cancelled: 3 });
    expect(await refusal(id)).toBe('409 sale-not-open');
  });

  it('those who came before sale_closes_at keep their place after it', async () => {
    const { id } = await onSale();
    for (const person of await tixline.peopleOf(3)) await tixline.ask(person, id);
    await tixline.sql(`UPDATE events SET sale_closes_at = now() WHERE id = $1`, [id]);
    await tixline.settleAll();
    expect(await outcomesOf(tixline, id)).toEqual({ granted: 3 });
  });

  it('more than one buyer may hold, and a type that is not there: 422', async () => {
    const { id } = await onSale({ max_per_buyer: 3 });
    expect(await refusal(id, 'Regular', 3)).toBe('202 none');
    expect(await refusal(id, 'Regular', 4)).toBe('422 over-limit');
    expect(await refusal(id, 'VIP')).toBe('422 no-such-ticket-type');
  });

  it('steps of an event are taken from the right state only: 409', async () => {
    const { id } = await make();
    expect((await step(id, 'close')).statusCode).toBe(409);
    expect((await step(id, 'open')).statusCode).toBe(200);
    expect((await step(id, 'open')).statusCode).toBe(409);
    expect((await step(id, 'close')).json<Own>().state).toBe('closed');
    expect((await step(id, 'close')).statusCode).toBe(409);
  });

  it('the capacity never goes below what is sold: 409', async () => {
    const event = await onSale();
    for (const person of await tixline.peopleOf(3)) await tixline.ask(person, event.id, 'Regular', 2);
    await tixline.settleAll();
    const [type] = event.ticket_types;
    const resize = async (capacity: number) => {
      const answer = await tixline.patch(`/api/events/${event.id}/ticket-types/${type!.id}`, {
        as: organizer,
        body: { capacity },
      });
      return answer.statusCode === 200
        ? answer.json<Own>().ticket_types[0]!
        : answer.json<{ code: string }>().code;
    };
    expect(await resize(5)).toBe('capacity-below-sold');
    expect(await resize(6)).toMatchObject({ capacity: 6, remaining: 0 });
    expect(await resize(9)).toMatchObject({ capacity: 9, remaining: 3 });
    expect(await faultsIn(tixline)).toEqual([]);
  });

  it('the limit never goes below what somebody holds: 409', async () => {
    const event = await onSale();
    const [person] = await tixline.peopleOf(1);
    await tixline.ask(person!, event.id, 'Regular', 3);
    await tixline.settleAll();
    const limit = async (max_per_buyer: number) =>
      (await tixline.patch(`/api/events/${event.id}`, { as: organizer, body: { max_per_buyer } })).statusCode;
    expect(await limit(2)).toBe(409);
    expect(await limit(3)).toBe(200);
  });

  it('a change to what somebody else has changed meanwhile: 412', async () => {
    const { id } = await make();
    const mine = `/api/events/mine/${id}`;
    const etag = (await tixline.get(mine, { as: organizer })).headers.etag as string;
    const rename = (name: string, ifMatch: string) =>
      tixline.patch(`/api/events/${id}`, { as: organizer, body: { name }, headers: { 'if-match': ifMatch } });
    const changed = await rename('First', etag);
    expect([changed.statusCode, changed.headers.etag]).toEqual([200, '"2"']);
    for (const stale of [etag, '"99"', 'nonsense', '2'])
      expect((await rename('Second', stale)).statusCode).toBe(412);
    const both = await Promise.all([rename('Third', '"2"'), rename('Fourth', '"2"')]);
    expect(both.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([200, 412]);
    expect((await rename('Fifth', '*')).statusCode).toBe(200);
    expect((await tixline.get(mine, { as: organizer })).json()).toMatchObject({ name: 'Fifth', version: 4 });
  });

  it('another organiser’s event is not there: 404, and an admin’s hand reaches it', async () => {
    const event = await onSale();
    const other = await tixline.person('organizer');
    const url = `/api/events/${event.id}`;
    for (const answer of [
      await tixline.patch(url, { as: other, body: { name: 'Mine' } }),
      await tixline.patch(`${url}/ticket-types/${event.ticket_types[0]!.id}`, {
        as: other,
        body: { capacity: 1 },
      }),
      await step(event.id, 'close', other),
      await tixline.get(`/api/events/mine/${event.id}`, { as: other }),
    ]) {
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([404, 'not-found']);
    }
    expect((await tixline.get('/api/events/mine', { as: other })).json()).toEqual([]);
    expect((await step(event.id, 'close', await tixline.person('admin'))).statusCode).toBe(200);
    // A type of another event is not one of this.
    const own = await make();
    const foreignType = `/api/events/${own.id}/ticket-types/${event.ticket_types[0]!.id}`;
    expect((await tixline.patch(foreignType, { as: organizer, body: { capacity: 1 } })).statusCode).toBe(404);
  });

  it('private notes stay private', async () => {
    const secret = 'the band is late';
    const { id } = await onSale({ private_notes: secret });
    const buyer = await tixline.person();
    await tixline.ask(buyer, id);
    await tixline.settleAll();
    for (const url of [
      '/api/events',
      `/api/events/${id}`,
      `/api/events/${id}/line`,
      `/api/availability?event_id=${id}`,
      '/api/orders',
    ]) {
      const answer = await tixline.get(url, { as: buyer });
      expect(answer.statusCode).toBe(200);
      expect(answer.body).not.toContain(secret);
      expect(answer.body).not.toContain('private_notes');
    }
    expect((await tixline.get(`/api/events/mine/${id}`, { as: organizer })).json()).toMatchObject({
      private_notes: secret,
    });
  });
});
