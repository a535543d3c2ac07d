import { connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { STREAMS } from '../../src/ticket-requests/open-streams';
import { eventually } from '../support/eventually';
import { Tixline, type Person } from '../support/tixline';

const BOUNDS = { ...STREAMS };

describe('streams that are open', () => {
  let tixline: Tixline;
  let port: number;
  let eventId: number;
  let open: AbortController[] = [];
  beforeAll(async () => {
    tixline = await Tixline.start();
    await tixline.app.listen(0, '127.0.0.1');
    port = (tixline.app.getHttpServer().address() as AddressInfo).port;
    eventId = await tixline.event({ regular: 1_000 });
  });
  afterEach(() => {
    for (const stream of open) stream.abort();
    open = [];
    Object.assign(STREAMS, BOUNDS);
  });
  afterAll(() => tixline.stop());

  /** Somebody in line, with the path of their stream. */
  const buyer = async () => {
    const person = await tixline.person();
    const { request_id } = (await tixline.ask(person, eventId)).json<{ request_id: string }>();
    return { person, path: `/api/ticket-requests/${request_id}/events` };
  };
  type Buyer = Awaited<ReturnType<typeof buyer>>;

  const headersOf = ({ token }: Person) => ({ authorization: `Bearer ${token}` });
  const watch = async ({ person, path }: Buyer) => {
    const stop = new AbortController();
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      headers: headersOf(person),
      signal: stop.signal,
    });
    if (answer.ok) open.push(stop);
    return { status: answer.status, answer, stop };
  };
  const watchTimes = (times: number, who: Buyer) =>
    Promise.all(Array.from({ length: times }, () => watch(who)));
  const admitted = (streams: readonly { status: number }[]) =>
    streams.filter(({ status }) => status === 200).length;
  /** All that an account may have are free again, and not one more. */
  const allFree = async (who: Buyer) => {
    // The server sees a moment later that a connection is gone.
    await eventually(async () => {
      const streams = await watchTimes(BOUNDS.ofAccount, who);
      if (admitted(streams) < BOUNDS.ofAccount) for (const { stop } of streams) stop.abort();
      expect(admitted(streams)).toBe(BOUNDS.ofAccount);
    });
    expect((await watch(who)).status).toBe(429);
  };

  it('are 20 for an account: the next is refused, with what to do, and nobody else', async () => {
    const [who, other] = [await buyer(), await buyer()];
    expect(admitted(await watchTimes(20, who))).toBe(20);
    const { answer } = await watch(who);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('retry-after')]).toEqual([
      429,
      'application/problem+json; charset=utf-8',
      '15',
    ]);
    expect(await answer.json()).toMatchObject({
      code: 'too-many-requests',
      detail:
        'This account has 20 streams open here, and may have no more. Close one, or ask GET /api/queue/position ' +
        'as often as its poll_after_ms says. Try again in 15 seconds.',
    });
    const position = await tixline.get(`/api/queue/position?request_id=${who.path.split('/')[3]}`, {
      as: who.person,
    });
    expect(position.statusCode).toBe(200);
    expect((await watch(other)).status).toBe(200);
  });

  it('one that closes makes room for one', async () => {
    const who = await buyer();
    const [first] = await watchTimes(20, who);
    expect((await watch(who)).status).toBe(429);
    first!.stop.abort();
    await eventually(async () => expect((await watch(who)).status).toBe(200));
    expect((await watch(who)).status).toBe(429);
  });

  it('a hundred at once are 20, whoever comes first', async () => {
    const who = await buyer();
    expect(admitted(await watchTimes(100, who))).toBe(20);
  });

  it('are all free again when the clients have gone, also those in a row on one connection', async () => {
    const who = await buyer();
    for (const { stop } of await watchTimes(20, who)) stop.abort();
    await allFree(who);
    for (const stream of open) stream.abort();
    const row = `GET ${who.path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${who.person.token}\r\n\r\n`;
    let socket: Socket;
    await eventually(async () => {
      socket = connect(port, '127.0.0.1').on('error', () => undefined);
      socket.write(row.repeat(20));
      const [text] = (await once(socket, 'data')) as [Buffer];
      if (!text.includes(' 200 ')) socket.destroy();
      expect(text.toString()).toContain('HTTP/1.1 200');
      expect((await watch(who)).status).toBe(429);
    });
    socket!.destroy();
    await allFree(who);
  });

  it('are all free again when the outcome has ended them, and a refused one never counts', async () => {
    const [who, stranger] = [await buyer(), await tixline.person()];
    for (let i = 0; i < 25; i += 1) expect((await watch({ ...who, person: stranger })).status).toBe(404);
    const streams = await watchTimes(20, who);
    await tixline.settleAll();
    await Promise.all(streams.map(({ answer }) => answer.text()));
    const again = { ...(await buyer()), person: who.person };
    const { request_id } = (await tixline.ask(who.person, eventId)).json<{ request_id: string }>();
    await allFree({ ...again, path: `/api/ticket-requests/${request_id}/events` });
  });

  it('are bounded for a process, too', async () => {
    STREAMS.ofProcess = 3;
    const [one, two] = [await buyer(), await buyer()];
    let streams: Awaited<ReturnType<typeof watchTimes>> = [];
    await eventually(async () => {
      streams = await watchTimes(3, one);
      if (admitted(streams) < 3) for (const { stop } of streams) stop.abort();
      expect(admitted(streams)).toBe(3);
    });
    const { answer } = await watch(two);
    expect(answer.status).toBe(429);
    expect(await answer.json()).toMatchObject({
      detail: expect.stringContaining('This server has as many streams open as it can hold.') as string,
    });
    streams[0]!.stop.abort();
    await eventually(async () => expect((await watch(two)).status).toBe(200));
  });

  it('without these bounds an account has as many as it likes, so that the above proves something', async () => {
    STREAMS.ofAccount = Infinity;
    expect(admitted(await watchTimes(60, await buyer()))).toBe(60);
  });
});
