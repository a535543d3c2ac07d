import { settingsOf, tixlineCommand, type Call } from '../../support/command-line';
import { Tixline, type Person } from '../../support/tixline';

// Each test starts processes, which take their time on a busy machine.
jest.setTimeout(60_000);

describe('the menu of tixline', () => {
  let tixline: Tixline;
  let buyer: Person;
  let eventId: number;
  const menu = (call: Call) =>
    tixlineCommand(['--event', String(eventId), '--email', buyer.email], {
      ...call,
      env: settingsOf(tixline),
    });

  beforeAll(async () => {
    tixline = await Tixline.start();
    eventId = await tixline.event({ vip: 2, regular: 5 });
    buyer = await tixline.person();
  });
  afterAll(() => tixline.stop());

  it('takes its answers from a pipe, a line each: ask, settle, look, leave', async () => {
    const { code, out, err } = await menu({ input: '2\nvip\n2\n3\n1\n4\n5\n' });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const entry of [
      'View availability',
      'Enqueue test request',
      'Process next tick once',
      'Show last 10 transactions',
      'Exit',
    ]) {
      expect(out).toContain(entry);
    }
    expect(out).toMatch(
      /In line\.[^]*VIP × 2[^]*Settled 1 request\.[^]*VIP +0 +2 +2[^]*granted +VIP × 2[^]*Goodbye/,
    );
    const { rows } = await tixline.sql(`SELECT status FROM ticket_requests WHERE user_id = $1`, [buyer.id]);
    expect(rows).toEqual([{ status: 'granted' }]);
  });

  it('survives wrong answers, and what cannot be done', async () => {
    const { code, out, err } = await menu({ input: '7\n\nhello\n2\ngold\n2\nr\nmany\n2\nr\n9\n5\n' });
    expect(code).toBe(0);
    expect(out).toMatch(/“7” is not on the menu[^]*Type a number from 1 to 5[^]*“hello” is not on the menu/);
    expect(out).toMatch(/“gold” is neither VIP nor Regular[^]*“many” is not a number[^]*Goodbye/);
    expect(err).toMatch(/One buyer may hold 4 tickets/);
  });

  it('ends with 0 where the answers end, also within a question', async () => {
    expect(await menu({ input: '1\n' })).toMatchObject({ code: 0, out: expect.stringContaining('Goodbye') });
    expect(await menu({ input: '2\nvip' })).toMatchObject({
      code: 0,
      out: expect.stringContaining('Goodbye'),
    });
    expect(await menu({ input: '' })).toMatchObject({ code: 0 });
  });

  it('ends with 0 on Ctrl-C', async () => {
    const { code } = await menu({ signal: { name: 'SIGINT', when: 'Your choice' } });
    expect(code).toBe(0);
  });

  it('says which events there are when it is asked for another', async () => {
    const ended = await tixlineCommand(['--event', '78'], { env: settingsOf(tixline) });
    expect(ended).toMatchObject({
      code: 1,
      err: expect.stringContaining(`There is no event 78. There is ${eventId}`),
    });
  });
});
