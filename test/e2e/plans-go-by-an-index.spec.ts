import { SETTLEMENT } from '../../src/settlement';
import { Tixline } from '../support/tixline';

/**
 * Tables that have been looked at by ANALYZE while nobody waited, and then a new event: the planner expects next to
 * nobody in line and nobody with tickets. What it then chooses must not compare all with all.
 */
describe('the statements of a settlement, for an event that the statistics know nothing of', () => {
  let tixline: Tixline;
  beforeAll(async () => {
    tixline = await Tixline.start();
  });
  afterAll(() => tixline.stop());

  const crowd = async (size: number) => {
    const eventId = await tixline.event({ regular: size });
    const people = await tixline.peopleOf(size);
    await Promise.all(people.map((person) => tixline.ask(person, eventId)));
    return eventId;
  };

  it('find every row through its index, one by one', async () => {
    await crowd(600);
    await tixline.settleAll();
    await tixline.sql('ANALYZE');
    const eventId = await crowd(600);
    await tixline.database.transaction(async (client) => {
      const plan = async (name: string, values: unknown[]) => {
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(
          `EXPLAIN (ANALYZE, COSTS OFF) ${SETTLEMENT[name as 'take']}`,
          values,
        );
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      };
      const reach = [eventId, 2, 0, 600, 1_000];
      const take = await plan('take', reach);
      const taken = await client.query<{ row: string; ticket_type_id: number }>(SETTLEMENT.take, reach);
      const rows = taken.rows.map(({ row }) => row);
      const types = taken.rows.map((row) => row.ticket_type_id);
      const numbers = rows.map((_, i) => i + 1);
      const nobody = rows.map(() => null);
      const write = await plan('write', [eventId, rows, types, numbers, nobody, 0, 600, 600, null, 600]);
      expect(take).toContain('rows=600');
      for (const found of [take, write]) expect(found).not.toContain('Rows Removed by Join Filter');
      expect(write).toContain('Tid Scan');
    });
  });
});
