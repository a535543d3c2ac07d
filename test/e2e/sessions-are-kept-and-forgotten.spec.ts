import { TokenKeeper } from '../../src/accounts';
import { Tixline } from '../support/tixline';

const DAYS_A_TOKEN_LIVES = 14;

describe('sessions', () => {
  let tixline: Tixline;
  beforeAll(async () => {
    tixline = await Tixline.start();
  });
  afterAll(() => tixline.stop());

  const credentials = { email: 'ada@example.org', password: 'correct horse battery' };
  const refresh = (cookie: string) =>
    tixline.post('/api/auth/refresh', { headers: { cookie: `tixline_refresh=${cookie}` } });
  const signIn = async () => (await tixline.post('/api/auth/login', { body: credentials })).cookies[0]!.value;
  const tokens = async () =>
    (await tixline.sql<{ live: boolean }>(`SELECT expires_at > now() AS live FROM refresh_tokens`)).rows;

  beforeAll(() => tixline.post('/api/auth/register', { body: { name: 'Ada', ...credentials } }));

  it('a database that goes away right after a refresh token was exchanged signs nobody out', async () => {
    const cookie = await signIn();
    const { database } = tixline;
    const query = database.query.bind(database);
    const repository = database.repository.bind(database);
    const away = () => {
      throw new Error('Connection terminated unexpectedly');
    };
    database.query = async (text, ...rest) => {
      const answer = await query(text, ...rest);
      if (text.includes('refresh_tokens')) Object.assign(database, { query: away, repository: away });
      return answer as never;
    };
    const answer = await refresh(cookie);
    Object.assign(database, { query, repository });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      user: { name: 'Ada', email: credentials.email, role: 'attendee' },
    });
    expect((await refresh(answer.cookies[0]!.value)).statusCode).toBe(200);
  });

  it('tokens that are over are forgotten, also those of a session that only ever refreshes', async () => {
    let cookie = await signIn();
    for (let i = 0; i < 3; i += 1) cookie = (await refresh(cookie)).cookies[0]!.value;
    const before = (await tokens()).length;
    await tixline.sql(
      `UPDATE refresh_tokens SET expires_at = expires_at - $1::interval WHERE used_at IS NOT NULL`,
      [`${DAYS_A_TOKEN_LIVES} days 1 second`],
    );
    await tixline.app.get(TokenKeeper, { strict: false }).forget();
    const left = await tokens();
    expect(left.length).toBeLessThan(before);
    expect(left).toEqual(left.map(() => ({ live: true })));
    expect((await refresh(cookie)).statusCode).toBe(200);
  });
});
