import { AccessTokens } from '../../src/platform/http';
import { stopAll } from '../support/several';
import { buy } from '../support/orders';
import { Tixline, type Person } from '../support/tixline';

const OLD = 'the first secret, kept for as long as anybody remembers';
const NEW = 'another one, which came when the first had been seen';

const kidOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as { kid: string }).kid;

/** The same Tixline before, during and after its secret is replaced, as three processes on one database. */
describe('when JWT_SECRET is replaced', () => {
  const credentials = { email: 'ada@example.org', password: 'correct horse battery' };
  let tixlines: Tixline[] = [];
  let before: Tixline;
  let during: Tixline;
  let after: Tixline;
  let buyer: Person;
  let staff: Person;
  let qr: string;
  let waitingId: string;
  let refreshCookie: string;
  let boardPass: string;
  beforeAll(async () => {
    before = await Tixline.start({ env: { JWT_SECRET: OLD } });
    tixlines = [before];
    const databaseUrl = before.config.databaseUrl!;
    buyer = await before.person();
    staff = await before.person('staff');
    const eventId = await before.event({ regular: 9 });
    const [order] = await buy(before, [buyer], eventId);
    qr = order!.tickets[0]!.qr_token;
    waitingId = (await before.ask(buyer, eventId)).json<{ request_id: string }>().request_id;
    await before.post('/api/auth/register', { body: { name: 'Ada', ...credentials } });
    await before.sql(`UPDATE users SET role = 'admin' WHERE email = $1`, [credentials.email]);
    const { cookies } = await before.post('/api/auth/login', { body: credentials });
    refreshCookie = cookies.find(({ name }) => name === 'tixline_refresh')!.value;
    boardPass = cookies.find(({ name }) => name === 'tixline_board')!.value;
    during = await Tixline.start({ databaseUrl, env: { JWT_SECRET: NEW, JWT_SECRET_PREVIOUS: OLD } });
    after = await Tixline.start({ databaseUrl, env: { JWT_SECRET: NEW } });
    tixlines.push(during, after);
  });
  afterAll(() => stopAll(tixlines));

  const position = (tixline: Tixline, as: Person) =>
    tixline.get(`/api/queue/position?request_id=${waitingId}`, { as });
  const verify = async (tixline: Tixline, as: Person) =>
    (await tixline.get(`/api/tickets/verify/${qr}`, { as })).json<{ valid: boolean }>().valid;
  const board = (tixline: Tixline) =>
    tixline.get('/admin/queues/api/queues', { headers: { cookie: `tixline_board=${boardPass}` } });
  const signedBy = async (tixline: Tixline): Promise<Person> => ({
    ...buyer,
    token: (await tixline.person()).token,
  });

  it('what the old one signed is read as long as it is JWT_SECRET_PREVIOUS', async () => {
    expect((await position(during, buyer)).statusCode).toBe(200);
    expect(await verify(during, staff)).toBe(true);
    expect((await board(during)).statusCode).toBe(200);
  });

  it('and not a moment longer, and never by who has it no more', async () => {
    expect((await position(after, buyer)).statusCode).toBe(401);
    expect((await board(after)).statusCode).toBe(401);
    expect(await verify(after, { ...staff, token: (await after.person('staff')).token })).toBe(false);
  });

  it('only the new one signs', async () => {
    const [old, now, then] = await Promise.all([before, during, after].map(signedBy));
    expect(kidOf(now!.token)).toBe(kidOf(then!.token));
    expect(kidOf(now!.token)).not.toBe(kidOf(old!.token));
    expect((await after.get('/api/me', { as: now! })).statusCode).toBe(200);
    // A process that still has the old secret alone cannot read it: the new one goes out as a second secret first.
    expect((await before.get('/api/me', { as: now! })).statusCode).toBe(401);
  });

  it('sessions go on: what keeps them is no signature', async () => {
    const headers = { cookie: `tixline_refresh=${refreshCookie}` };
    expect((await after.post('/api/auth/refresh', { headers })).statusCode).toBe(200);
  });

  it('and nobody loses their place: request ids are theirs under any secret', async () => {
    const token = after.app.get(AccessTokens).sign(buyer.id, 'attendee');
    const answer = await position(after, { ...buyer, token });
    expect(answer.json()).toMatchObject({ request_id: waitingId, place: 2 });
    const next = await after.ask({ ...buyer, token }, Number.parseInt(waitingId.slice(0, 6), 16));
    expect(next.json<{ request_id: string }>().request_id.slice(-16)).toBe(waitingId.slice(-16));
  });
});
