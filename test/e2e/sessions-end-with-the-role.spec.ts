import { AccessTokens } from '../../src/platform/http';
import { problemIn } from '../support/problems';
import { Tixline, type Person } from '../support/tixline';

const QUARTER_HOUR_MS = 15 * 60_000;

describe('somebody who is demoted, or whose account is closed', () => {
  let tixline: Tixline;
  beforeAll(async () => {
    // However long sign-ins last by the settings.
    tixline = await Tixline.start({ env: { ACCESS_TOKEN_EXPIRE_MINUTES: '1440' } });
  });
  afterAll(() => tixline.stop());
  afterEach(() => jest.restoreAllMocks());

  const signedIn = async (email: string, role: string) => {
    const credentials = { email, password: 'correct horse battery' };
    await tixline.post('/api/auth/register', { body: { name: 'Ada', ...credentials } });
    await tixline.sql(`UPDATE users SET role = $2 WHERE email = $1`, [email, role]);
    const answer = await tixline.post('/api/auth/login', { body: credentials });
    const { access_token, expires_in, user } = answer.json<{
      access_token: string;
      expires_in: number;
      user: Person;
    }>();
    const cookie = answer.cookies.find(({ name }) => name === 'tixline_refresh')!.value;
    return { as: { ...user, token: access_token }, expires_in, cookie };
  };
  const refresh = (cookie: string) =>
    tixline.post('/api/auth/refresh', { headers: { cookie: `tixline_refresh=${cookie}` } });

  it.each([
    ['demoted', `UPDATE users SET role = 'attendee' WHERE email = $1`],
    ['closed', `UPDATE users SET active = false WHERE email = $1`],
    ['promoted', `UPDATE users SET role = 'organizer' WHERE email = $1`],
  ])('%s: the session is over at once, on every device', async (how, change) => {
    const email = `${how}@example.org`;
    const [laptop, phone] = [await signedIn(email, 'admin'), await signedIn(email, 'admin')];
    await tixline.sql(change, [email]);
    for (const { cookie } of [laptop, phone])
      expect(problemIn(await refresh(cookie))).toEqual({ status: 401, code: 'session-over' });
    // Nor does what follows from a cookie that was exchanged before bring it back.
    await tixline.sql(`UPDATE users SET role = 'admin', active = true WHERE email = $1`, [email]);
    for (const { cookie } of [laptop, phone]) expect((await refresh(cookie)).statusCode).toBe(401);
  });

  it('and a change of anything else ends none', async () => {
    const { cookie } = await signedIn('renamed@example.org', 'admin');
    await tixline.sql(`UPDATE users SET name = 'Eve', role = role WHERE email = 'renamed@example.org'`);
    expect((await refresh(cookie)).statusCode).toBe(200);
  });

  it.each(['admin', 'organizer', 'staff'] as const)(
    'the last access token of %s is worth nothing a quarter of an hour later',
    async (role) => {
      const { as, expires_in } = await signedIn(`last-${role}@example.org`, role);
      expect(expires_in).toBe(900);
      const unread = tixline.app.get(AccessTokens).sign(as.id, role);
      expect((await tixline.get('/api/me', { as })).statusCode).toBe(200);
      const now = Date.now();
      jest.spyOn(Date, 'now').mockImplementation(() => now + QUARTER_HOUR_MS);
      // One that was read before and is remembered, and one that was not.
      for (const token of [as.token, unread])
        expect(problemIn(await tixline.get('/api/me', { as: { ...as, token } })).status).toBe(401);
    },
  );
});
