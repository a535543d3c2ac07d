import type { LightMyRequestResponse } from 'fastify';
import { problemIn } from '../support/problems';
import { Tixline, type Person } from '../support/tixline';

describe('opening and closing a sale', () => {
  let tixline: Tixline;
  let organizer: Person;
  let url: string;
  beforeAll(async () => {
    tixline = await Tixline.start();
    organizer = await tixline.person('organizer');
  });
  afterAll(() => tixline.stop());
  beforeEach(async () => {
    const made = await tixline.post('/api/events', {
      as: organizer,
      body: {
        name: 'Steps',
        starts_at: '2027-05-01T18:00:00Z',
        ticket_types: [{ name: 'All', tier: 'Regular', capacity: 1 }],
      },
    });
    url = made.headers.location!;
  });

  const step = (name: string, tag?: string) =>
    tixline.post(`${url}/${name}`, { as: organizer, headers: tag === undefined ? {} : { 'if-match': tag } });
  const change = (tag: string) =>
    tixline.patch(url, { as: organizer, body: { name: 'Changed' }, headers: { 'if-match': tag } });
  const tagOf = (answer: LightMyRequestResponse) => String(answer.headers.etag);

  it('answers the ETag with which one goes on', async () => {
    let answer = await step('open', '"1"');
    expect([answer.statusCode, answer.json()]).toEqual([200, expect.objectContaining({ state: 'open' })]);
    answer = await change(tagOf(answer));
    expect(answer.statusCode).toBe(200);
    answer = await step('close', tagOf(answer));
    expect([answer.statusCode, answer.json()]).toEqual([200, expect.objectContaining({ state: 'closed' })]);
    const shown = await tixline.get(url.replace('/events/', '/events/mine/'), { as: organizer });
    expect(tagOf(answer)).toBe(tagOf(shown));
  });

  it('is refused with an ETag that has moved on, before the state is looked at, and changes nothing', async () => {
    const opened = await step('open');
    await change(tagOf(opened));
    for (const name of ['close', 'open']) {
      for (const tag of [tagOf(opened), '"x"']) {
        expect(problemIn(await step(name, tag))).toEqual({ status: 412, code: 'version-conflict' });
      }
    }
    expect(problemIn(await step('open', '*'))).toEqual({ status: 409, code: 'wrong-state' });
    expect((await step('close')).statusCode).toBe(200);
  });

  it('of two who close with the same ETag, one does', async () => {
    const tag = tagOf(await step('open'));
    const answers = await Promise.all([step('close', tag), step('close', tag)]);
    expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([200, 412]);
  });
});
