import { randomUUID } from 'node:crypto';
import type { LightMyRequestResponse } from 'fastify';
import { INTAKE } from '../../src/ticket-requests/intake.sql';
import { faultsIn, hashOfTables } from '../support/books';
import { settleTogether, several, stopAll, without } from '../support/several';
import type { Person, Tixline } from '../support/tixline';

const flagged = ({ headers }: LightMyRequestResponse) => headers['idempotent-replayed'] === 'true';

async function rowsOf(tixline: Tixline, buyer: Person): Promise<number> {
  const { rows } = await tixline.sql<{ n: number }>(
    `SELECT count(*)::int AS n FROM ticket_requests WHERE user_id = $1`,
    [buyer.id],
  );
  return rows[0]!.n;
}

describe('the same key is one request', () => {
  let apis: Tixline[];
  let tixline: Tixline;
  let eventId: number;
  beforeAll(async () => {
    apis = await several(4);
    tixline = apis[0]!;
    eventId = await tixline.event({ vip: 100, regular: 1_000 });
    // So that answers hold a rate and a position that later answers would not: a replay must not work them out anew.
    for (const person of await tixline.peopleOf(20)) await tixline.ask(person, eventId);
    await tixline.settleAll();
    for (const person of await tixline.peopleOf(20)) await tixline.ask(person, eventId, 'VIP');
  });
  afterAll(() => stopAll(apis));

  it('50 at once over four processes: one row, and every 202 is the same to the letter', async () => {
    for (let round = 0; round < 10; round += 1) {
      const buyer = await tixline.person();
      const key = randomUUID();
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) => apis[i % 4]!.ask(buyer, eventId, 'Regular', 2, key)),
      );
      const accepted = answers.filter(({ statusCode }) => statusCode === 202);
      const others = answers.filter(({ statusCode }) => statusCode !== 202);

      expect(await rowsOf(tixline, buyer)).toBe(1);
      expect(new Set(accepted.map(({ body, headers }) => `${headers.location} ${body}`)).size).toBe(1);
      expect(accepted.filter((answer) => !flagged(answer))).toHaveLength(1);
      for (const other of others) {
        expect(other.statusCode).toBe(409);
        expect(other.json()).toMatchObject({ code: 'key-in-use' });
      }
    }
    expect(await faultsIn(tixline)).toEqual([]);
  });

  it('the same body again gives the same answer, flagged, at any process and at any time', async () => {
    const buyer = await tixline.person();
    const key = randomUUID();
    const first = await apis[0]!.ask(buyer, eventId, 'Regular', 3, key);
    expect(first.statusCode).toBe(202);
    expect(flagged(first)).toBe(false);
    const again = async () => {
      for (const api of apis) {
        const answer = await api.ask(buyer, eventId, 'Regular', 3, key);
        expect([answer.statusCode, answer.body, flagged(answer)]).toEqual([202, first.body, true]);
        expect(answer.headers.location).toBe(first.headers.location);
        expect(answer.headers['retry-after']).toBe(first.headers['retry-after']);
      }
    };
    await again();
    for (const person of await tixline.peopleOf(5)) await tixline.ask(person, eventId, 'VIP');
    await again();
    await settleTogether(apis);
    await again();
    expect(await rowsOf(tixline, buyer)).toBe(1);
  });

  it('another body with the same key is 422 and changes nothing', async () => {
    const other = await tixline.event({ regular: 10 });
    const buyer = await tixline.person();
    const key = randomUUID();
    await tixline.ask(buyer, eventId, 'Regular', 1, key);
    const before = await hashOfTables(tixline);
    for (const [event, type, quantity] of [
      [eventId, 'Regular', 2],
      [eventId, 'VIP', 1],
      [other, 'Regular', 1],
    ] as const) {
      for (const api of apis) {
        const answer = await api.ask(buyer, event, type, quantity, key);
        expect(answer.statusCode).toBe(422);
        expect(answer.json()).toMatchObject({ code: 'key-reused' });
      }
    }
    expect(await hashOfTables(tixline)).toBe(before);
  });

  it('a key used while the sale was open is still answered after it closed, a new one is not', async () => {
    const organizer = await tixline.person('organizer');
    const closing = await tixline.event({ regular: 10 });
    await tixline.sql(`UPDATE events SET organizer_id = $2 WHERE id = $1`, [closing, organizer.id]);
    const buyer = await tixline.person();
    const first = await tixline.ask(buyer, closing, 'Regular', 2, 'before');
    await tixline.post(`/api/events/${closing}/close`, { as: organizer });
    await tixline.tick();
    const again = await tixline.ask(buyer, closing, 'Regular', 2, 'before');
    expect([again.statusCode, again.body, flagged(again)]).toEqual([202, first.body, true]);
    expect((await tixline.ask(buyer, closing, 'Regular', 1, 'before')).statusCode).toBe(422);
    expect((await tixline.ask(buyer, closing, 'Regular', 2, 'after')).statusCode).toBe(409);
    expect(await rowsOf(tixline, buyer)).toBe(1);
  });

  it('another buyer with the same key is another request', async () => {
    const key = randomUUID();
    const buyers = await tixline.peopleOf(3);
    const answers = await Promise.all(
      buyers.map((buyer, i) => apis[i % 4]!.ask(buyer, eventId, 'Regular', 1, key)),
    );
    expect(answers.map((answer) => [answer.statusCode, flagged(answer)])).toEqual([
      [202, false],
      [202, false],
      [202, false],
    ]);
    expect(new Set(answers.map(({ headers }) => headers.location)).size).toBe(3);
  });

  it('keys and no keys in one group keep their own', async () => {
    const buyers = await tixline.peopleOf(60);
    const known = randomUUID();
    await tixline.ask(buyers[0]!, eventId, 'Regular', 1, known);
    const answers = await Promise.all(
      buyers.map((buyer, i) =>
        tixline.ask(buyer, eventId, 'Regular', 1, i === 0 ? known : i % 2 ? undefined : randomUUID()),
      ),
    );
    expect(answers.map(flagged)).toEqual(buyers.map((_, i) => i === 0));
    const { rows } = await tixline.sql<{ user_id: number; id: string }>(
      `SELECT user_id, id FROM ticket_requests WHERE user_id = ANY ($1) ORDER BY user_id`,
      [buyers.map(({ id }) => id)],
    );
    expect(rows.map(({ id }) => id)).toEqual(
      answers.map((answer) => answer.json<{ request_id: string }>().request_id),
    );
  });

  it.each(['', 'a'.repeat(256), 'two words', 'schlüssel', 'tab\there'])(
    'the key %j is no key: 400',
    async (key) => {
      const buyer = await tixline.person();
      const answer = await tixline.ask(buyer, eventId, 'Regular', 1, key);
      expect(answer.statusCode).toBe(400);
      expect(await rowsOf(tixline, buyer)).toBe(0);
    },
  );
});

describe('without the primary key of idempotency_keys and the look before', () => {
  const guarded = INTAKE.accept;
  let apis: Tixline[] = [];
  afterEach(async () => {
    INTAKE.accept = guarded;
    await stopAll(apis);
  });

  it('one key becomes several requests, so the race above can see it', async () => {
    INTAKE.accept = without(INTAKE.accept, 'WHERE k.user_id = i.user_id AND k.key = i.key').replace(
      'known.key IS NOT NULL',
      'false',
    );
    apis = await several(4);
    const tixline = apis[0]!;
    await tixline.sql(`ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_pkey`);
    const eventId = await tixline.event({ regular: 100 });
    const buyer = await tixline.person();
    const key = randomUUID();
    await Promise.all(
      Array.from({ length: 50 }, (_, i) => apis[i % 4]!.ask(buyer, eventId, 'Regular', 1, key)),
    );
    expect(await rowsOf(tixline, buyer)).toBeGreaterThan(1);
  });
});
