import { EventLines } from '../../src/platform/queue';
import { Line, Sweeper } from '../../src/line';
import { faultsIn, hashOfTables, outcomesOf } from '../support/books';
import { several, stopAll } from '../support/several';
import { Tixline } from '../support/tixline';

describe('the line survives the processes that made it', () => {
  let processes: Tixline[];
  let gone: Tixline;
  let next: Tixline;
  beforeEach(async () => {
    // `keeper` owns the database; the one that goes away is the second.
    processes = await several(2);
    gone = processes[1]!;
  });
  afterEach(() => stopAll([processes[0]!, next]));

  async function accept(tixline: Tixline, eventId: number): Promise<string[]> {
    const people = await tixline.peopleOf(300);
    const answers = await Promise.all(
      people.map((person, i) => tixline.ask(person, eventId, i % 4 === 0 ? 'VIP' : 'Regular')),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(300).fill(202));
    return answers.map((answer) => answer.json<{ request_id: string }>().request_id);
  }

  const start = async () => (next = await Tixline.start({ databaseUrl: processes[0]!.config.databaseUrl! }));

  async function expectAllServedOnce(eventId: number, accepted: string[]): Promise<void> {
    const { rows } = await next.sql<{ id: string }>(
      `SELECT id FROM ticket_requests WHERE event_id = $1 AND status = 'granted' ORDER BY first_number`,
      [eventId],
    );
    // Ids ascend with tier and place, and so must the tickets' numbers.
    expect(rows.map(({ id }) => id)).toEqual(accepted.toSorted());
    expect(await outcomesOf(next, eventId)).toEqual({ granted: 300 });
    expect(await faultsIn(next)).toEqual([]);
    const settled = await hashOfTables(next);
    await next.tick();
    expect(await hashOfTables(next)).toBe(settled);
  }

  it('accepted, and gone before any tick: the next process settles all, once', async () => {
    const eventId = await gone.event({ vip: 75, regular: 225 });
    const accepted = await accept(gone, eventId);
    await gone.stop();
    await start();
    await next.settleAll();
    await expectAllServedOnce(eventId, accepted);
  });

  it('gone between the 202 and the permit: the sweeper makes up for it', async () => {
    const eventId = await gone.event({ vip: 75, regular: 225 });
    const offer = jest.spyOn(gone.app.get(Line), 'offer').mockImplementation(() => undefined);
    const accepted = await accept(gone, eventId);
    expect(offer).toHaveBeenCalled();
    await gone.stop();
    await start();
    const sweeper = next.app.get(Sweeper);
    expect(await next.tick()).toBe(0);
    // Twice found without a permit, so that one on its way is not taken for lost.
    await sweeper.sweep();
    await sweeper.sweep();
    await next.settleAll();
    await expectAllServedOnce(eventId, accepted);
  });

  it('gone with every permit in its hands: they are made again, and the old ones change nothing when they return', async () => {
    const eventId = await gone.event({ vip: 75, regular: 225 });
    const accepted = await accept(gone, eventId);
    const held = gone.app.get(EventLines);
    const claimed = await held.claim(eventId, { maxRequests: 1_000, maxJobs: 1_000, token: 'gone' });
    const line = gone.app.get(Line);
    await line.requeue(await line.due([eventId]));
    claimed.push(...(await held.claim(eventId, { maxRequests: 1_000, maxJobs: 1_000, token: 'gone' })));
    expect(Math.max(...claimed.map(({ to }) => to))).toBe(225);
    await start();
    expect(await next.tick()).toBe(0);
    await next.app.get(Sweeper).sweep();
    await next.app.get(Sweeper).sweep();
    await next.settleAll();
    await expectAllServedOnce(eventId, accepted);

    const settled = await hashOfTables(next);
    await held.giveBack(claimed, new Error('late'));
    await gone.stop();
    for (let i = 0; i < 3; i += 1) await next.tick();
    expect(await hashOfTables(next)).toBe(settled);
  });
});
