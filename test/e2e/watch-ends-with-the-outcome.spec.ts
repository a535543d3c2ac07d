import type { AddressInfo } from 'node:net';
import { PositionStream } from '../../src/ticket-requests/position-stream';
import { endsWithin } from '../support/ends-within';
import { eventually } from '../support/eventually';
import { headerOf, seconds, tokenOf } from '../support/forge';
import { several, stopAll } from '../support/several';
import { Tixline, type Person } from '../support/tixline';

interface Message {
  event: string;
  data: {
    status: string;
    position: number | null;
    vip_ahead: number;
    reason: string | null;
    order_id: string | null;
  };
}

/** What a client of Server-Sent Events sees: messages as they come, and the end. */
function watch(base: string, id: string, as: Person | undefined) {
  const messages: Message[] = [];
  const opened = fetch(`${base}/api/ticket-requests/${id}/events`, {
    headers: as ? { authorization: `Bearer ${as.token}` } : {},
  });
  const ended = opened.then(async (answer) => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of answer.body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1] ?? '';
        if (field('event') === 'position')
          messages.push({ event: 'position', data: JSON.parse(field('data')) });
      }
    }
  });
  return { messages, opened, ended };
}

describe('watching a request', () => {
  let processes: Tixline[];
  let tixline: Tixline;
  let base: string;
  beforeAll(async () => {
    processes = await several(2);
    tixline = processes[0]!;
    await tixline.app.listen(0, '127.0.0.1');
    base = `http://127.0.0.1:${(tixline.app.getHttpServer().address() as AddressInfo).port}`;
  });
  afterAll(() => stopAll(processes));

  const ask = async (as: Person, eventId: number, type: 'VIP' | 'Regular' = 'Regular') =>
    (await tixline.ask(as, eventId, type)).json<{ request_id: string }>().request_id;

  it('sends the position at each change, at whichever process it happens, and ends with the outcome', async () => {
    const eventId = await tixline.event({ vip: 5, regular: 5 });
    const [first, buyer, vip] = (await tixline.peopleOf(3)) as [Person, Person, Person];
    const ahead = await ask(first, eventId);
    const id = await ask(buyer, eventId);
    const { messages, opened, ended } = watch(base, id, buyer);
    expect((await opened).headers.get('content-type')).toContain('text/event-stream');
    await eventually(() =>
      expect(messages.at(-1)?.data).toMatchObject({ status: 'queued', position: 2, vip_ahead: 0 }),
    );

    await processes[1]!.ask(vip, eventId, 'VIP');
    await eventually(() => expect(messages.at(-1)?.data).toMatchObject({ position: 3, vip_ahead: 1 }));
    await processes[1]!.delete(`/api/ticket-requests/${ahead}`, { as: first });
    await eventually(() => expect(messages.at(-1)?.data).toMatchObject({ position: 2, vip_ahead: 1 }));

    await processes[1]!.settleAll();
    await ended;
    expect(messages.at(-1)!.data).toMatchObject({ status: 'granted', position: null, order_id: id });
    expect(messages.filter(({ data }) => data.status !== 'queued')).toHaveLength(1);
    // Nothing is said twice.
    const said = messages.map(({ data }) => JSON.stringify(data));
    expect(said.filter((text, i) => text === said[i - 1])).toEqual([]);
  });

  it('a refusal and a cancellation end it too, with the reason', async () => {
    const eventId = await tixline.event({ regular: 0 });
    const [loser, leaver] = (await tixline.peopleOf(2)) as [Person, Person];
    const lost = watch(base, await ask(loser, eventId), loser);
    const leftId = await ask(leaver, eventId);
    const left = watch(base, leftId, leaver);
    await Promise.all([lost.opened, left.opened]);
    await tixline.delete(`/api/ticket-requests/${leftId}`, { as: leaver });
    await left.ended;
    expect(left.messages.at(-1)!.data).toMatchObject({ status: 'cancelled', position: null });
    await tixline.settleAll();
    await lost.ended;
    expect(lost.messages.at(-1)!.data).toMatchObject({ status: 'refused', reason: 'sold_out' });
  });

  it('a settled request is told at once', async () => {
    const eventId = await tixline.event({ regular: 1 });
    const buyer = await tixline.person();
    const id = await ask(buyer, eventId);
    await tixline.settleAll();
    const { messages, ended } = watch(base, id, buyer);
    await ended;
    expect(messages.map(({ data }) => data.status)).toEqual(['granted']);
  });

  it('500 who watch one line all hear how it ends', async () => {
    const eventId = await tixline.event({ regular: 300 });
    const people = await tixline.peopleOf(500);
    const ids = await Promise.all(people.map((person) => ask(person, eventId)));
    const watchers = ids.map((id, i) => watch(base, id, people[i]));
    await Promise.all(watchers.map(({ opened }) => opened));
    await processes[1]!.settleAll();
    await Promise.all(watchers.map(({ ended }) => ended));
    const outcomes = watchers.map(({ messages }) => messages.at(-1)!.data.status);
    expect(outcomes.filter((status) => status === 'granted')).toHaveLength(300);
    expect(outcomes.filter((status) => status === 'refused')).toHaveLength(200);
  });

  it('is not for strangers: 401, 404, as problem documents', async () => {
    const eventId = await tixline.event({ regular: 1 });
    const [owner, stranger] = (await tixline.peopleOf(2)) as [Person, Person];
    const id = await ask(owner, eventId);
    for (const [as, status] of [
      [undefined, 401],
      [stranger, 404],
    ] as const) {
      const answer = await watch(base, id, as).opened;
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        status,
        'application/problem+json; charset=utf-8',
      ]);
    }
  });

  it('ends with the token that was shown, and goes on with the next', async () => {
    const eventId = await tixline.event({ regular: 1 });
    const buyer = await tixline.person();
    const id = await ask(buyer, eventId);
    const { access } = tixline.config.keys;
    const claims = { sub: String(buyer.id), role: 'attendee', iss: 'tixline', aud: 'tixline-api' };
    const token = tokenOf(headerOf(access, 'at+jwt'), { ...claims, exp: seconds(2) }, access.signing.key);
    const { opened, ended, messages } = watch(base, id, { ...buyer, token });
    expect((await opened).status).toBe(200);
    expect(await endsWithin(5_000, ended)).toBe(true);
    expect(messages.map(({ data }) => data.status)).toEqual(['queued']);
    expect((await watch(base, id, { ...buyer, token }).opened).status).toBe(401);
    const next = watch(base, id, buyer);
    await eventually(() => expect(next.messages).toHaveLength(1));
    await tixline.delete(`/api/ticket-requests/${id}`, { as: buyer });
    await next.ended;
  });

  it('a stop of the server ends every stream', async () => {
    const process = await Tixline.start({ databaseUrl: tixline.config.databaseUrl! });
    await process.app.listen(0, '127.0.0.1');
    const address = `http://127.0.0.1:${(process.app.getHttpServer().address() as AddressInfo).port}`;
    const eventId = await tixline.event({ regular: 1 });
    const buyer = await tixline.person();
    const id = await ask(buyer, eventId);
    const { opened, ended, messages } = watch(address, id, buyer);
    await opened;
    await eventually(() => expect(messages).toHaveLength(1));
    const began = performance.now();
    // Those whose stream has just ended come back at once, while the server still drains.
    const stream = process.app.get(PositionStream, { strict: false });
    stream.beforeApplicationShutdown();
    stream.beforeApplicationShutdown = () => undefined;
    const again = watch(address, id, buyer);
    await again.opened.catch(() => undefined);
    await process.stop();
    await ended.catch(() => undefined);
    await again.ended.catch(() => undefined);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(messages.map(({ data }) => data.status)).toEqual(['queued']);
  });
});
