import { Client } from 'pg';
import { acceptValues, INTAKE } from '../../src/ticket-requests/intake.sql';
import { REGULAR, VIP, type Tier } from '../../src/shared/tier';
import { POOL_OPTIONS, BY_INDEX } from '../../src/platform/database';
import { eventually } from '../support/eventually';
import { Tixline } from '../support/tixline';

/**
 * A group moves the counters of both tiers. Were they taken now in this order and now in that, two processes could each
 * wait for the other, and one of two groups would be refused.
 */
describe('a group with requests of both tiers', () => {
  let tixline: Tixline;
  const clients: Client[] = [];
  const connect = async () => {
    const client = new Client({
      connectionString: tixline.config.databaseUrl!,
      options: `${POOL_OPTIONS} ${BY_INDEX}`,
    });
    await client.connect();
    clients.push(client);
    return client;
  };
  beforeAll(async () => {
    tixline = await Tixline.start();
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end()));
  });
  afterAll(() => tixline.stop());

  /** Whether a group that waits for the VIPs' counter has that of the Regulars already. */
  async function takesRegularFirst(statement: string): Promise<boolean> {
    const eventId = await tixline.event({ vip: 10, regular: 10 });
    const buyer = await tixline.person();
    const types = await tixline.sql<{ id: number; tier: Tier }>(
      `SELECT id, tier FROM ticket_types WHERE event_id = $1 ORDER BY tier DESC`,
      [eventId],
    );
    const ask = { eventId, userId: buyer.id, mark: '8000000000000001', quantity: 1, key: null };
    const asks = types.rows.map(({ id, tier }) => ({ ...ask, tier, ticketTypeId: id }));
    const quote = { lineOffset: 0, vipAhead: 0, perSecond: null };
    const [holder, group, observer] = [await connect(), await connect(), await connect()];
    await holder.query('BEGIN');
    await holder.query('SELECT FROM line_places WHERE event_id = $1 AND tier = $2 FOR UPDATE', [
      eventId,
      VIP,
    ]);
    const taken = group.query(statement, acceptValues(eventId, asks, { [VIP]: quote, [REGULAR]: quote }));
    await eventually(async () => {
      const { rows } = await observer.query(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
      expect(rows.length).toBeGreaterThan(0);
    });
    const isFree = await observer
      .query('SELECT FROM line_places WHERE event_id = $1 AND tier = $2 FOR UPDATE NOWAIT', [
        eventId,
        REGULAR,
      ])
      .then(
        () => true,
        () => false,
      );
    await holder.query('COMMIT');
    expect((await taken).rows).toEqual([{ bases: [0, 0], repeated: [] }]);
    return !isFree;
  }

  it('takes the VIPs’ counter first, whatever the order in which they asked', async () => {
    expect(await takesRegularFirst(INTAKE.accept)).toBe(false);
  });

  it('would take them the other way round without its order', async () => {
    const without = INTAKE.accept.replace('GROUP BY tier ORDER BY tier', 'GROUP BY tier ORDER BY tier DESC');
    expect(without).not.toBe(INTAKE.accept);
    expect(await takesRegularFirst(without)).toBe(true);
  });
});
