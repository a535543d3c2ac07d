/** What waiting costs: the cached line through nginx, the same from an API, a person's own position, and streams. */
import { LoadClient, wireRequest, type Load } from '../bench/load.mts';
import { cpuUs, memoryMb } from '../bench/processes.mts';
import { embeddedPostgres, Records } from '../bench/records.mts';
import { signerOf } from '../bench/tokens.mts';
import { Client } from '../rush/client.mts';
import { expectStatus, openSale } from '../rush/sale.mts';
import type { Stage } from './stage.mts';
import { openStreams, type Streams } from './streams.mts';

const PEOPLE = 500;
const REQUESTS_EACH = 4;
const CONNECTIONS = 64;
const SECONDS = 5;

export interface Asked {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** CPU of one answer, in µs: of nginx, and of the APIs. */
  readonly nginxUs: number;
  readonly apiUs: number;
}

/** Of one answer. */
export interface Bytes {
  readonly head: number;
  readonly body: number;
}

export interface Crowd {
  /** The line through nginx, and how many asked in the whole run for one that reached an API. */
  readonly cached: Asked & { readonly answers: number; readonly reachedApi: number };
  /** The line from an API itself. */
  readonly line: Asked;
  /** A person's own position through nginx. */
  readonly position: Asked;
  readonly lineBytes: Bytes;
  readonly positionBytes: Bytes;
  readonly streams: Streams;
}

/** Measures them one after the other, at an event that is held, with people in line. */
export async function crowd(stage: Stage): Promise<Crowd> {
  const { nginx, apis } = stage;
  const client = new Client(nginx.baseUrl, CONNECTIONS);
  const load = new LoadClient();
  const records = new Records(embeddedPostgres(stage.dataDir).url);
  try {
    const sale = await openSale(client, 'Crowd', PEOPLE * REQUESTS_EACH, 10);
    await sale.hold(true);
    const people = await putInLine(client, records, signerOf(stage.environment), sale.eventId);
    const path = `/api/events/${sale.eventId}/line`;
    load.prepare('line', [wireRequest('GET', path)]);
    load.prepare(
      'position',
      people.map(({ requestId, token }) =>
        wireRequest('GET', `/api/queue/position?request_id=${requestId}`, {
          authorization: `Bearer ${token}`,
        }),
      ),
    );
    const measure = async (name: string, port: number): Promise<Asked & { answers: number }> => {
      const plan: Load = {
        ports: [port],
        requests: [name],
        connections: CONNECTIONS,
        leadSeconds: 2,
        seconds: SECONDS,
        expect: 200,
      };
      const pids = {
        nginx: { pids: [nginx.pid], tree: true },
        api: { pids: apis.map(({ pid }) => pid), tree: false },
      };
      let before = { nginx: 0, api: 0 };
      let after = before;
      const read = () => ({ nginx: cpuUs(pids.nginx), api: cpuUs(pids.api) });
      const { perSecond, p50, p99, answered } = await load.run(plan, {
        measuring: async () => void (before = read()),
        measured: async () => void (after = read()),
      });
      const each = (used: number) => used / (perSecond * SECONDS);
      return {
        perSecond,
        p50,
        p99,
        nginxUs: each(after.nginx - before.nginx),
        apiUs: each(after.api - before.api),
        answers: answered,
      };
    };

    const askedBefore = nginx.linesAsked();
    const cached = await measure('line', nginx.port);
    const reachedApi = nginx.linesAsked() - askedBefore;
    const line = await measure('line', apis[0]!.port);
    const position = await measure('position', nginx.port);
    const lineBytes = await sizeOf(`${nginx.baseUrl}${path}`);
    const own = `${nginx.baseUrl}/api/queue/position?request_id=${people[0]!.requestId}`;
    const positionBytes = await sizeOf(own, people[0]!.token);
    const streams = await openStreams(
      nginx,
      people,
      () => memoryMb({ pids: apis.map(({ pid }) => pid), tree: false }),
      () => memoryMb({ pids: [nginx.pid], tree: true }),
      () => sale.hold(false),
    );
    return { cached: { ...cached, reachedApi }, line, position, lineBytes, positionBytes, streams };
  } finally {
    client.close();
    await load.close();
    await records.close();
  }
}

export interface Waiting {
  readonly requestId: string;
  readonly token: string;
}

/** Each of some people asks several times; all of them wait, the line is held. */
async function putInLine(
  client: Client,
  records: Records,
  sign: ReturnType<typeof signerOf>,
  eventId: number,
): Promise<Waiting[]> {
  const ids = (await records.putInPeople()).slice(0, PEOPLE);
  const tokens = ids.map((id) => sign(id, 'attendee'));
  const body = { event_id: eventId, ticket_type: 'VIP' };
  const asks = tokens.flatMap((token) =>
    Array.from({ length: REQUESTS_EACH }, async () => {
      const answer = expectStatus(await client.post('/api/ticket-requests', body, token), 202);
      return { requestId: answer.body.request_id as string, token };
    }),
  );
  return Promise.all(asks);
}

async function sizeOf(url: string, token?: string): Promise<Bytes> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(url, { headers });
  const body = (await answer.text()).length;
  const head = [...answer.headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
  return { head: head + 'HTTP/1.1 200 OK\r\n\r\n'.length, body };
}
