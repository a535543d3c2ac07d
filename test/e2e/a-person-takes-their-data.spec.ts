import { Orders } from '../../src/tickets';
import { problemIn } from '../support/problems';
import type { Order } from '../support/orders';
import { Tixline, type Person } from '../support/tixline';

interface Exported {
  account: Record<string, unknown>;
  requests: Record<string, unknown>[];
  orders: { id: string; status: string; tickets: Record<string, unknown>[] }[];
  sessions: { created_at: string; renewed_at: string; ends_at: string; ended_at: string | null }[];
}

const PASSWORD = 'correct horse battery';

describe('a person takes their data with them', () => {
  let tixline: Tixline;
  beforeAll(async () => {
    tixline = await Tixline.start();
  });
  afterAll(() => tixline.stop());
  afterEach(() => jest.restoreAllMocks());

  const join = async (email: string): Promise<Person> => {
    const credentials = { email, password: PASSWORD };
    await tixline.post('/api/auth/register', { body: { name: 'Ada', ...credentials } });
    const { access_token, user } = (await tixline.post('/api/auth/login', { body: credentials })).json<{
      access_token: string;
      user: Person;
    }>();
    return { ...user, token: access_token };
  };
  const take = (as: Person) => tixline.get('/api/auth/me/data', { as });

  it('as one file: account, requests, orders with their tickets, sessions, and nobody else', async () => {
    const staff = await tixline.person('staff');
    const stranger = await tixline.person('attendee', 'Stranger');
    const eventId = await tixline.event({ vip: 5, regular: 5 });
    const as = await join('ada@example.org');
    await tixline.ask(stranger, eventId);
    await tixline.ask(as, eventId, 'VIP', 2);
    await tixline.settleAll();
    const [order] = (await tixline.get('/api/orders', { as })).json<{ items: Order[] }>().items;
    await tixline.post(`/api/tickets/checkin/${order!.tickets[0]!.qr_token}`, { as: staff });
    await tixline.ask(as, eventId);

    const answer = await take(as);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      200,
      'application/json; charset=utf-8',
    ]);
    expect(answer.headers['content-disposition']).toBe('attachment; filename="tixline-data.json"');
    expect(answer.headers['cache-control']).toBe('no-store');
    const { account, requests, orders, sessions } = answer.json<Exported>();
    expect(account).toEqual({
      id: as.id,
      name: 'Ada',
      email: 'ada@example.org',
      role: 'attendee',
      created_at: expect.stringMatching(/^20.*Z$/) as string,
    });
    expect(requests.map(({ status, ticket_type, quantity }) => [status, ticket_type, quantity])).toEqual([
      ['queued', 'Regular', 1],
      ['granted', 'VIP', 2],
    ]);
    expect(orders.map(({ id }) => id)).toEqual([order!.id]);
    expect(orders[0]!.tickets.map(({ code, status }) => [code, status])).toEqual(
      order!.tickets.map(({ code }, i) => [code, i === 0 ? 'entered' : 'not_entered']),
    );
    expect(orders[0]!.tickets[0]!.entered_at).toMatch(/^20.*Z$/);
    expect(sessions).toHaveLength(1);
    const [{ created_at, renewed_at, ends_at, ended_at }] = sessions as [Exported['sessions'][number]];
    expect(Math.abs(Date.parse(created_at) - Date.now())).toBeLessThan(60_000);
    expect(renewed_at).toBe(created_at);
    expect(Date.parse(ends_at) - Date.parse(created_at)).toBe(14 * 86_400_000);
    expect(ended_at).toBeNull();
    // Nothing with which somebody who finds the file could go in or sign in.
    expect(answer.body).not.toMatch(/qr_|token|argon2|Stranger/);
  });

  it('whole, page by page, however much it is', async () => {
    const as = await join('many@example.org');
    const eventId = await tixline.event({ regular: 450 }, { max_per_buyer: 100 });
    await tixline.sql(`UPDATE events SET max_per_buyer = 100 WHERE id = $1`, [eventId]);
    for (let i = 0; i < 450; i += 50)
      await Promise.all(Array.from({ length: 50 }, () => tixline.ask(as, eventId)));
    await tixline.settleAll();
    const pages = jest.spyOn(tixline.app.get(Orders, { strict: false }), 'list');
    const { requests, orders } = (await take(as)).json<Exported>();
    expect(new Set(requests.map(({ request_id }) => request_id)).size).toBe(450);
    expect(new Set(orders.map(({ id }) => id)).size).toBe(100);
    expect(requests).toHaveLength(450);
    for (const [, { limit }] of pages.mock.calls) expect(limit).toBe(200);
  });

  it('not after they were erased', async () => {
    const as = await join('gone@example.org');
    expect((await tixline.delete('/api/auth/me', { as, body: { password: PASSWORD } })).statusCode).toBe(204);
    expect(problemIn(await take(as)).status).toBe(401);
  });

  it('not without limit: ten at once', async () => {
    const limited = await Tixline.start({ env: { RATE_LIMITS: 'on' } });
    try {
      const as = await limited.person();
      for (let i = 0; i < 10; i += 1)
        expect((await limited.get('/api/auth/me/data', { as })).statusCode).toBe(200);
      expect((await limited.get('/api/auth/me/data', { as })).statusCode).toBe(429);
    } finally {
      await limited.stop();
    }
  });
});
