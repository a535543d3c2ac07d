import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { startOwnPostgres, type OwnPostgres } from '../support/own-postgres';
import { Tixline, type Person } from '../support/tixline';

interface Line {
  readonly context: string;
  readonly msg: string;
  readonly stack?: string;
}

describe('the log', () => {
  let server: OwnPostgres;
  let tixline: Tixline;
  let buyer: Person;
  beforeAll(async () => {
    server = await startOwnPostgres();
    tixline = await Tixline.start({ databaseUrl: server.url, env: { LOG_LEVEL: 'info' } });
    buyer = await tixline.person();
  }, 60_000);
  afterAll(async () => {
    await tixline?.stop();
    await server?.remove();
  });

  const log = (): Line[] =>
    readFileSync(join(tixline.config.dataDir, 'tixline.log'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line);

  it('has a defect under the request_id that the answer tells, with its route and stack', async () => {
    const eventId = await tixline.event({ regular: 10 });
    await tixline.sql(`ALTER TABLE ticket_requests ADD CONSTRAINT broken CHECK (quantity <> 3)`);
    const answer = await tixline.ask(buyer, eventId, 'Regular', 3);
    await tixline.sql(`ALTER TABLE ticket_requests DROP CONSTRAINT broken`);
    const { request_id } = answer.json<{ request_id: string }>();
    expect([answer.statusCode, answer.json()]).toEqual([500, expect.objectContaining({ code: 'internal' })]);
    await eventually(() => {
      const line = log().find(({ msg }) => msg.includes(request_id));
      expect(line?.msg).toMatch(/POST \/api\/ticket-requests: .*broken/);
      expect(line?.stack).toMatch(/^\s+at .*intake/m);
    });
    expect((await tixline.ask(buyer, eventId, 'Regular', 2)).statusCode).toBe(202);
  });

  it('has two lines for an outage of the database, however many were refused meanwhile', async () => {
    const eventId = await tixline.event({ regular: 10 });
    await tixline.get(`/api/events/${eventId}/line`);
    const before = log().length;
    await server.stop();
    for (let round = 0; round < 20; round += 1) {
      const answers = await Promise.all([
        ...Array.from({ length: 10 }, () => tixline.get('/api/orders', { as: buyer })),
        ...Array.from({ length: 10 }, () => tixline.ask(buyer, eventId)),
        tixline.get('/api/events'),
      ]);
      expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([503]));
    }
    await server.start();
    await eventually(async () => expect((await tixline.get('/health/ready')).statusCode).toBe(200), 10_000);
    const ofRequests = () =>
      log()
        .slice(before)
        .filter(({ context }) => ['http', 'intake', 'database'].includes(context))
        .filter(({ msg }) => !msg.startsWith('connection lost'));
    await eventually(async () => {
      await tixline.get('/health/ready');
      expect(ofRequests().map(({ msg }) => msg)).toEqual([
        expect.stringContaining('The database does not answer'),
        expect.stringContaining('The database answers again'),
      ]);
    });
  }, 60_000);
});
