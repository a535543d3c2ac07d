import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface SlowWay {
  readonly port: number;
  /** Milliseconds that each piece of data takes each way from now on. */
  delayMs: number;
  close(): Promise<void>;
}

/** A way to a port of this machine on which everything arrives later, in its order, as over a long or busy line. */
export async function slowWay(to: number): Promise<SlowWay> {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.setNoDelay(true);
      from.on('error', () => into.destroy());
      from.on('close', () => {
        open.delete(from);
        into.destroy();
      });
      // Timers of one length fire in the order in which they were set, so pieces keep theirs.
      from.on('data', (piece) => void setTimeout(() => into.write(piece), way.delayMs));
      from.on('end', () => void setTimeout(() => into.end(), way.delayMs));
    }
  });
  const way: SlowWay = {
    port: 0,
    delayMs: 0,
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(way, { port: (server.address() as AddressInfo).port });
}
