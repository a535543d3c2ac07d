import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { LightMyRequestResponse } from 'fastify';
import type { PoolClient } from 'pg';
import { faultsIn, outcomesOf } from '../support/books';
import { eventually } from '../support/eventually';
import { startOwnPostgres, type OwnPostgres } from '../support/own-postgres';
import { Tixline, type Person } from '../support/tixline';
import { Marks } from '../../src/platform/http';
import { Intake } from '../../src/ticket-requests/intake';
import { REGULAR, type Tier } from '../../src/shared/tier';

function expectComeBack(answer: LightMyRequestResponse): void {
  expect(answer.statusCode).toBe(503);
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.json()).toMatchObject({ code: 'unavailable', status: 503 });
}

describe('when the database is away', () => {
  let server: OwnPostgres;
  let tixline: Tixline;
  beforeAll(async () => {
    server = await startOwnPostgres();
    tixline = await Tixline.start({ databaseUrl: server.url });
  }, 60_000);
  afterAll(async () => {
    await tixline?.stop();
    await server?.remove();
  });

  it('asks are told to come back within a few seconds, nothing is half done, and it goes on by itself', async () => {
    const eventId = await tixline.event({ vip: 100, regular: 100 });
    const people = await tixline.peopleOf(60);
    const early = await Promise.all(people.slice(0, 20).map((person) => tixline.ask(person, eventId)));
    expect(new Set(early.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));

    await server.stop();
    const keys = people.map(() => randomUUID());
    const began = performance.now();
    const refused = await Promise.all(
      people.slice(20).map((person, i) => tixline.ask(person, eventId, 'VIP', 1, keys[i])),
    );
    expect(performance.now() - began).toBeLessThan(4_000);
    refused.forEach(expectComeBack);
    for (const url of ['/api/orders', '/api/events', '/api/me', `/api/events/999999`, '/health/ready']) {
      expectComeBack(await tixline.get(url, { as: people[0]! }));
    }
    // What is in memory is still answered: where one stands, what is left, and that the process lives.
    const { request_id } = early[0]!.json<{ request_id: string }>();
    for (const url of [
      `/api/queue/position?request_id=${request_id}`,
      `/api/availability?event_id=${eventId}`,
      '/health/live',
    ]) {
      expect((await tixline.get(url, { as: people[0]! })).statusCode).toBe(200);
    }

    await server.start();
    await eventually(async () => expect((await tixline.get('/health/ready')).statusCode).toBe(200), 10_000);
    expect(await outcomesOf(tixline, eventId)).toEqual({ queued: 20 });
    const again = await Promise.all(
      people.slice(20).map((person, i) => tixline.ask(person, eventId, 'VIP', 1, keys[i])),
    );
    expect(new Set(again.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
    await eventually(() => tixline.settleAll(), 15_000);
    expect(await outcomesOf(tixline, eventId)).toEqual({ granted: 60 });
    expect(await faultsIn(tixline)).toEqual([]);
  }, 60_000);

  it('a connection cut between two statements of a transaction ends the transaction and not the process', async () => {
    const work = tixline.database.transaction(async (client) => {
      const { rows } = await client.query<{ pid: number }>(`SELECT pg_backend_pid() AS pid`);
      const gone = new Promise((resolve) => client.once('end', resolve));
      await tixline.sql(`SELECT pg_terminate_backend($1)`, [rows[0]!.pid]);
      await gone;
      await client.query(`SELECT 1`);
    });
    await expect(work).rejects.toThrow(/not queryable|terminat/);
    expect((await tixline.get('/health/ready')).statusCode).toBe(200);
  });

  it('connections cut in the middle of a rush lose no request that was accepted and double none', async () => {
    const eventId = await tixline.event({ regular: 5_000 });
    const people = await tixline.peopleOf(600);
    const keys = people.map(() => randomUUID());
    const cut = () =>
      tixline
        .sql(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'tixline%' AND pid <> pg_backend_pid()`,
        )
        .catch(() => undefined);
    const ask = async (i: number): Promise<number> => {
      for (;;) {
        const answer = await tixline.ask(people[i]!, eventId, 'Regular', 1, keys[i]);
        if (answer.statusCode === 202) return 202;
        // 409: the first of this key is still on its way.
        if (answer.statusCode !== 409) expectComeBack(answer);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const asking: Promise<number>[] = [];
    for (let i = 0; i < people.length; i += 1) {
      asking.push(ask(i));
      if (i % 100 === 50) await cut();
      if (i % 10 === 0) await tixline.tick().catch(() => undefined);
    }
    await Promise.all(asking);
    await eventually(() => tixline.settleAll(), 20_000);
    expect(await outcomesOf(tixline, eventId)).toEqual({ granted: 600 });
    expect(await faultsIn(tixline)).toEqual([]);
  }, 60_000);
});

describe('when more wait in memory than it holds', () => {
  let tixline: Tixline;
  beforeAll(async () => {
    tixline = await Tixline.start();
  });
  afterAll(() => tixline.stop());

  /** What the intake is asked for one Regular ticket; the event's line is on the board after it. */
  const askOf = async (buyer: Person, eventId: number) => {
    const { rows } = await tixline.sql<{ id: number }>(`SELECT id FROM ticket_types WHERE event_id = $1`, [
      eventId,
    ]);
    await tixline.get(`/api/events/${eventId}/line`);
    return {
      eventId,
      tier: REGULAR as Tier,
      ticketTypeId: rows[0]!.id,
      userId: buyer.id,
      mark: tixline.app.get(Marks).of(buyer.id),
      quantity: 1,
      key: null,
    } as const;
  };
  const holdCounter = (client: PoolClient, eventId: number) =>
    client.query(`SELECT FROM line_places WHERE event_id = $1 FOR UPDATE`, [eventId]);

  it('the next is told to come back, and all who were let in are taken', async () => {
    const eventId = await tixline.event({ regular: 20_000 }, { max_per_buyer: 100 });
    const [buyer, late] = (await tixline.peopleOf(2)) as [Person, Person];
    const intake = tixline.app.get(Intake);
    const ask = await askOf(buyer, eventId);
    let waiting: Promise<unknown>[] = [];
    await tixline.database.transaction(async (client) => {
      // Nobody can be given a place while somebody else holds the counter.
      await holdCounter(client, eventId);
      waiting = Array.from({ length: 10_000 }, () => intake.accept(ask));
      const began = performance.now();
      expectComeBack(await tixline.ask(late, eventId));
      expect(performance.now() - began).toBeLessThan(500);
    });
    await Promise.all(waiting);
    expect((await tixline.ask(late, eventId)).json()).toMatchObject({ status: 'queued', place: 10_001 });
    await tixline.settleAll();
    expect(await outcomesOf(tixline, eventId)).toEqual({ granted: 101, limit_reached: 9_900 });
    expect(await faultsIn(tixline)).toEqual([]);
  });

  it('no more wait than are taken in within half a second, going by the last group', async () => {
    const eventId = await tixline.event({ regular: 20_000 }, { max_per_buyer: 100 });
    const [buyer] = (await tixline.peopleOf(1)) as [Person];
    const intake = tixline.app.get(Intake);
    const ask = await askOf(buyer, eventId);
    /** How many of 1,000 who come in one moment are let in after a group that took so long. */
    const letInAfter = async (lastGroupMs: number) => {
      let last: Promise<unknown> | undefined;
      await tixline.database.transaction(async (client) => {
        await holdCounter(client, eventId);
        last = intake.accept(ask);
        await delay(lastGroupMs);
      });
      await last;
      // The pause after a group is over.
      await delay(50);
      const letIn: Promise<unknown>[] = [];
      for (let i = 0; i < 1_000; i += 1) {
        try {
          letIn.push(intake.accept(ask));
        } catch (refusal) {
          expect(refusal).toMatchObject({ code: 'unavailable' });
        }
      }
      await Promise.all(letIn);
      return letIn.length;
    };
    expect(await letInAfter(550)).toBe(500);
    expect(await letInAfter(0)).toBe(1_000);
  });

  it('nobody joins a queue that somebody has stood in for a second, and those in it are taken', async () => {
    const eventId = await tixline.event({ regular: 10 });
    const people = await tixline.peopleOf(4);
    await tixline.get(`/api/events/${eventId}/line`);
    const ask = (who: number) => tixline.ask(people[who]!, eventId);
    let inTime: Promise<LightMyRequestResponse>[] = [];
    await tixline.database.transaction(async (client) => {
      await holdCounter(client, eventId);
      // The first is on its way to the database, the second waits for it in memory.
      inTime = [ask(0)];
      await delay(200);
      inTime.push(ask(1));
      await delay(600);
      inTime.push(ask(2));
      await delay(600);
      expectComeBack(await ask(3));
    });
    for (const answer of await Promise.all(inTime)) expect(answer.statusCode).toBe(202);
    expect((await ask(3)).statusCode).toBe(202);
    await tixline.settleAll();
    expect(await outcomesOf(tixline, eventId)).toEqual({ granted: 4 });
  });
});
