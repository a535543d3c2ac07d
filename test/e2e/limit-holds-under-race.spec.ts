import { Settlement, SETTLEMENT } from '../../src/settlement';
import { faultsIn, outcomesOf } from '../support/books';
import { eventually } from '../support/eventually';
import { settleTogether, settleWhile, several, stopAll, without } from '../support/several';
import type { Person, Tixline } from '../support/tixline';

describe('nobody passes max_per_buyer', () => {
  let settlers: Tixline[];
  let tixline: Tixline;
  beforeAll(async () => {
    settlers = await several(4);
    tixline = settlers[0]!;
  });
  afterAll(() => stopAll(settlers));

  const held = async (eventId: number, buyer: Person) => {
    const { rows } = await tixline.sql<{ held: number }>(
      `SELECT count(*)::int AS held FROM tickets k JOIN ticket_requests r ON r.id = k.request_id
        WHERE k.event_id = $1 AND r.user_id = $2 AND k.status <> 'cancelled'`,
      [eventId, buyer.id],
    );
    return rows[0]!.held;
  };

  it('not with four requests at once at four settlers', async () => {
    const eventId = await tixline.event({ regular: 100 }, { max_per_buyer: 2 });
    const buyer = await tixline.person();
    const asks = Promise.all(settlers.map((settler) => settler.ask(buyer, eventId, 'Regular', 1)));
    await settleWhile(settlers, asks);
    expect(await outcomesOf(tixline, eventId)).toEqual({ granted: 2, limit_reached: 2 });
    expect(await held(eventId, buyer)).toBe(2);
  });

  it('not with 20 requests for 2, VIP and Regular, at a limit of 4: exactly two are granted', async () => {
    for (let round = 0; round < 5; round += 1) {
      const eventId = await tixline.event({ vip: 100, regular: 100 });
      const buyer = await tixline.person();
      const asks = Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          settlers[i % 4]!.ask(buyer, eventId, i % 8 < 4 ? 'VIP' : 'Regular', 2),
        ),
      );
      await settleWhile(settlers, asks);
      expect(await outcomesOf(tixline, eventId)).toEqual({ granted: 2, limit_reached: 18 });
      expect(await held(eventId, buyer)).toBe(4);
    }
    expect(await faultsIn(tixline)).toEqual([]);
  });

  it('not by another spelling of the same e-mail', async () => {
    const password = 'correct horse battery';
    const register = (email: string) =>
      tixline.post('/api/auth/register', { body: { name: 'Ada', email, password } });
    expect((await register('Ada.Lovelace@Example.org')).statusCode).toBe(201);
    for (const email of ['ada.lovelace@example.org', 'ADA.LOVELACE@EXAMPLE.ORG']) {
      expect((await register(email)).statusCode).toBe(409);
    }
    const signedIn = await tixline.post('/api/auth/login', {
      body: { email: ' ADA.lovelace@example.org ', password },
    });
    expect(signedIn.statusCode).toBe(200);
  });

  it('and what is cancelled can be bought again', async () => {
    const eventId = await tixline.event({ regular: 100 });
    const buyer = await tixline.person();
    await tixline.ask(buyer, eventId, 'Regular', 4);
    await tixline.ask(buyer, eventId, 'Regular', 1);
    await settleTogether(settlers);
    expect(await outcomesOf(tixline, eventId)).toEqual({ granted: 1, limit_reached: 1 });

    const orders = (await tixline.get('/api/orders', { as: buyer })).json<{ items: { id: string }[] }>()
      .items;
    expect((await tixline.post(`/api/orders/${orders[0]!.id}/cancel`, { as: buyer })).statusCode).toBe(200);
    await tixline.ask(buyer, eventId, 'Regular', 3);
    await tixline.ask(buyer, eventId, 'Regular', 2);
    await settleTogether(settlers);
    expect(await held(eventId, buyer)).toBe(3);
    expect(await outcomesOf(tixline, eventId)).toEqual({ granted: 2, limit_reached: 2 });
    expect(await faultsIn(tixline)).toEqual([]);
  });
});

describe('when settlers no longer take turns, and without the key of tickets behind that', () => {
  const guarded = SETTLEMENT.lock;
  let settlers: Tixline[] = [];
  afterEach(async () => {
    SETTLEMENT.lock = guarded;
    await stopAll(settlers);
  });

  it('the limit breaks, so the race above can see it', async () => {
    SETTLEMENT.lock = without(SETTLEMENT.lock, 'FOR UPDATE');
    settlers = await several(4);
    const tixline = settlers[0]!;
    // Two who read the line at the same state number their tickets alike: the key alone would stop the second.
    await tixline.sql(`ALTER TABLE tickets DROP CONSTRAINT tickets_pkey`);
    const [buyer] = await tixline.peopleOf(1);
    const eventId = await tixline.event({ regular: 100 });
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => settlers[i % 4]!.ask(buyer!, eventId, 'Regular', 2)),
    );
    const settle = (settler: Tixline) =>
      settler.app.get(Settlement, { strict: false }).settle(eventId, { vip: 0, regular: 20 }, 2);
    let settling: Promise<unknown> = Promise.resolve();
    // What they would write is held up until all four have read.
    await tixline.database.transaction(async (client) => {
      await client.query(`SELECT FROM lines WHERE event_id = $1 FOR UPDATE`, [eventId]);
      settling = Promise.allSettled(settlers.map(settle));
      await eventually(async () => {
        const { rows } = await tixline.sql(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        expect(rows).toHaveLength(4);
      });
    });
    await settling;
    const { rows } = await tixline.sql<{ seats: number }>(
      `SELECT sum(quantity)::int AS seats FROM ticket_requests WHERE event_id = $1 AND status = 'granted'`,
      [eventId],
    );
    expect(rows[0]!.seats).toBeGreaterThan(4);
  });
});
