import { eventually } from '../support/eventually';
import { Tixline } from '../support/tixline';

describe('what is left, and whether it is on sale', () => {
  let tixline: Tixline;
  beforeAll(async () => {
    tixline = await Tixline.start();
  });
  afterAll(() => tixline.stop());

  it('a page that asks what is left learns that the sale was moved, opened and closed', async () => {
    const later = '2027-01-09T10:00:00.000Z';
    const eventId = await tixline.event({ regular: 3 }, { sale_opens_at: later });
    const as = await tixline.person('admin');
    const says = (sale: Record<string, unknown>) =>
      eventually(async () =>
        expect((await tixline.get(`/api/availability?event_id=${eventId}`)).json()).toMatchObject(sale),
      );
    await says({ regular_left: 3, state: 'open', sale_opens_at: later, sale_closes_at: null });
    await tixline.patch(`/api/events/${eventId}`, {
      as,
      body: { sale_opens_at: null, sale_closes_at: '2027-02-01T00:00:00Z' },
    });
    await says({ state: 'open', sale_opens_at: null, sale_closes_at: '2027-02-01T00:00:00.000Z' });
    await tixline.post(`/api/events/${eventId}/close`, { as });
    await says({ state: 'closed' });
  });
});
