import { putInDemo } from '../../src/demo';
import { Tixline } from '../support/tixline';

describe('a start with DEMO=true', () => {
  it('puts in event 1, Demo Event, with 20 VIP and 80 Regular seats, and people who can sign in; twice is once', async () => {
    const tixline = await Tixline.start({ firstEventId: 1, env: { DEMO: 'true' } });
    try {
      // As `run` does after it has made the app.
      await Promise.all([putInDemo(tixline.app), putInDemo(tixline.app)]);
      await putInDemo(tixline.app);
      expect((await tixline.get('/api/events')).json()).toMatchObject([
        {
          id: 1,
          code: 'EV01',
          name: 'Demo Event',
          state: 'open',
          ticket_types: [
            { tier: 'VIP', capacity: 20, remaining: 20 },
            { tier: 'Regular', capacity: 80, remaining: 80 },
          ],
        },
      ]);
      for (const [email, role] of [
        ['demo@local.test', 'attendee'],
        ['door@local.test', 'staff'],
        ['admin@local.test', 'admin'],
      ]) {
        const answer = await tixline.post('/api/auth/login', { body: { email, password: 'Passw0rd!' } });
        expect(answer.json()).toMatchObject({ user: { email, role } });
      }
    } finally {
      await tixline.stop();
    }
  });
});
