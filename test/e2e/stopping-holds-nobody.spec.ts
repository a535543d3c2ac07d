import { connect, type AddressInfo, type Socket } from 'node:net';
import { endsWithin } from '../support/ends-within';
import { eventually } from '../support/eventually';
import { Tixline } from '../support/tixline';

/** The head of a request whose body is still on its way. */
const HEAD = (bytes: number) =>
  'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
  `Content-Length: ${bytes}\r\n\r\n`;
const BODY = '{"email":"a@b.example","password":"nothing"}';

describe('a stop with requests under way', () => {
  let tixline: Tixline;
  let port: number;
  let socket: Socket;
  let received: string;
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= tixline.stop());
  beforeEach(async () => {
    tixline = await Tixline.start();
    const fastify = tixline.app.getHttpAdapter().getInstance();
    await fastify.listen({ port: 0, host: '127.0.0.1' });
    ({ port } = fastify.server.address() as AddressInfo);
    received = '';
    stopped = undefined;
    socket = connect(port, '127.0.0.1').setEncoding('utf8');
    socket.on('data', (text: string) => (received += text));
    socket.on('error', () => undefined);
  });
  afterEach(async () => {
    socket.destroy();
    await stop();
  });

  /** The port is gone: the server closes, and waits for the requests it has. */
  const closing = () =>
    eventually(
      () =>
        new Promise<void>((resolve, reject) => {
          const probe = connect(port, '127.0.0.1');
          probe.once('connect', () => (probe.destroy(), reject(new Error('still listening'))));
          probe.once('error', () => resolve());
        }),
    );

  it('whoever asks on an open connection meanwhile is told to come back, as a problem document', async () => {
    socket.write(HEAD(BODY.length) + BODY.slice(0, 10));
    await eventually(async () => expect(await connectionsOf(tixline)).toBe(1));
    void stop();
    await closing();
    socket.write(`${BODY.slice(10)}GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n`);
    await stop();
    const answers = received.split(/(?=HTTP\/1\.1 )/);
    const last = answers.at(-1)!;
    expect(answers).toHaveLength(2);
    expect(last).toMatch(/^HTTP\/1\.1 503 /);
    expect(last).toMatch(/^retry-after: [1-9]/im);
    expect(last).toMatch(/^content-type: application\/problem\+json/im);
    expect(last).toContain('"code":"unavailable"');
  });

  it('a body that comes a byte at a time does not hold it up', async () => {
    socket.write(HEAD(60_000));
    const trickle = setInterval(() => socket.write('x'), 50);
    await eventually(async () => expect(await connectionsOf(tixline)).toBe(1));
    const inTime = await endsWithin(10_000, stop());
    clearInterval(trickle);
    expect(inTime).toBe(true);
  });

  it('and holds a connection for half a minute at most when nothing stops', () => {
    expect(tixline.app.getHttpServer().requestTimeout).toBe(30_000);
  });
});

function connectionsOf(tixline: Tixline): Promise<number> {
  return new Promise((resolve) =>
    tixline.app.getHttpServer().getConnections((_: unknown, count: number) => resolve(count)),
  );
}
