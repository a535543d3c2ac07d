/** Tixline as the bench sees it: its processes, its addresses, its people and events. */
import { randomUUID } from 'node:crypto';
import { Client } from '../rush/client.mts';
import { ownFolder } from '../servers/own-process.mts';
import { postgresStopped, startTixline, type OwnTixline } from '../servers/own-tixline.mts';
import { KEY_BLANK } from './connection.mts';
import { wireRequest, type LoadClient } from './load.mts';
import { grownQuiet, type Role } from './processes.mts';
import { embeddedPostgres, Records, VIP_SHARE } from './records.mts';
import { signerOf } from './tokens.mts';

const SETTINGS = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  JWT_SECRET: 'a secret of the bench, which nobody else uses',
  ACCESS_TOKEN_EXPIRE_MINUTES: '1440',
};
const SEATS = 10_000_000;

export interface Buyer {
  readonly userId: number;
  readonly token: string;
}

/** `one`: a single process for everything, as `npm start` does. `pair`: an API and a worker of its own. */
export type Shape = 'one' | 'pair';

export class Tixline {
  readonly name: string;
  readonly buyers: readonly Buyer[];
  readonly records: Records;
  readonly adminUrl: string;
  readonly dataDir: string;
  readonly apis: OwnTixline[];
  readonly workers: OwnTixline[];
  readonly http: Client;
  private readonly organiser: string;
  private readonly postgres: number;
  private readonly redis: number | undefined;
  private readonly settings: Record<string, string>;
  private readonly removeFolder: () => void;

  /** Starts it in a folder of its own, with its people in it. */
  static async start(name: string, shape: Shape, redis?: { url: string; pid: number }): Promise<Tixline> {
    const folder = ownFolder();
    // Its processes share one line, and nobody else has it.
    const line = { REDIS_URL: redis?.url ?? '', REDIS_PREFIX: `tixline-bench-${randomUUID()}` };
    const settings = { ...SETTINGS, DATA_DIR: folder.path, ...line };
    const [api, ...workers] = await Promise.all([
      startTixline({ ...settings, ROLE: shape === 'one' ? 'all' : 'api' }),
      ...(shape === 'one' ? [] : [startTixline({ ...settings, ROLE: 'worker' }, grownQuiet())]),
    ]);
    const { url, adminUrl, pid } = embeddedPostgres(folder.path);
    const records = new Records(url);
    const sign = signerOf(api.environment);
    const ids = await records.putInPeople();
    const organiser = sign(ids.pop()!, 'organizer');
    const buyers = ids.map((userId) => ({ userId, token: sign(userId, 'attendee') }));
    return new Tixline({
      name,
      settings,
      api,
      workers,
      records,
      adminUrl,
      organiser,
      buyers,
      postgres: pid,
      redis: redis?.pid,
      folder,
    });
  }

  private constructor(parts: {
    name: string;
    settings: Record<string, string>;
    api: OwnTixline;
    workers: OwnTixline[];
    records: Records;
    adminUrl: string;
    organiser: string;
    buyers: Buyer[];
    postgres: number;
    redis: number | undefined;
    folder: { path: string; remove: () => void };
  }) {
    this.name = parts.name;
    this.settings = parts.settings;
    this.apis = [parts.api];
    this.workers = parts.workers;
    this.records = parts.records;
    this.adminUrl = parts.adminUrl;
    this.organiser = parts.organiser;
    this.buyers = parts.buyers;
    this.postgres = parts.postgres;
    this.redis = parts.redis;
    this.dataDir = parts.folder.path;
    this.removeFolder = parts.folder.remove;
    this.http = new Client(parts.api.baseUrl, 512);
  }

  /** Whose CPU and memory is whose. In the shape `one` the API's is the worker's too. */
  roles(): Record<string, Role> {
    const pids = (processes: OwnTixline[]) => processes.map(({ pid }) => pid);
    return {
      api: { pids: pids(this.apis), tree: false },
      ...(this.workers.length > 0 && { worker: { pids: pids(this.workers), tree: false } }),
      postgres: { pids: [this.postgres], tree: true },
      ...(this.redis !== undefined && { redis: { pids: [this.redis], tree: false } }),
    };
  }

  async addApi(): Promise<void> {
    this.apis.push(await startTixline({ ...this.settings, ROLE: 'api' }));
  }

  async addWorker(): Promise<void> {
    this.workers.push(await startTixline({ ...this.settings, ROLE: 'worker' }, grownQuiet()));
  }

  async removeWorker(): Promise<void> {
    await this.workers.pop()!.stop();
  }

  /** An event on sale with millions of seats and a line of its own; answers its id. */
  async newEvent(): Promise<number> {
    const event = await this.organise('POST', '/api/events', {
      name: 'Bench',
      starts_at: new Date(Date.now() + 30 * 86_400_000).toISOString(),
      max_per_buyer: 100,
      ticket_types: [
        { name: 'VIP', tier: 'VIP', capacity: SEATS },
        { name: 'Regular', tier: 'Regular', capacity: SEATS },
      ],
    });
    await this.organise('POST', `/api/events/${event.id}/open`);
    return event.id;
  }

  async pause(eventId: number, paused: boolean): Promise<void> {
    await this.organise('PATCH', `/api/events/${eventId}/line`, { paused });
  }

  /** Prepares one request of each buyer, every fifth for a VIP ticket; answers their name. */
  prepareAsks(load: LoadClient, eventId: number, keyed = false): string {
    const name = `${this.name}, event ${eventId}${keyed ? ', with keys' : ''}`;
    load.prepare(
      name,
      this.buyers.map(({ token }, i) =>
        wireRequest(
          'POST',
          '/api/ticket-requests',
          { authorization: `Bearer ${token}`, ...(keyed && { 'idempotency-key': KEY_BLANK }) },
          askBody(eventId, i),
        ),
      ),
    );
    return name;
  }

  /** Prepares a poll for each of some requests that stand in an event's line; answers their name. */
  async preparePolls(load: LoadClient, eventId: number): Promise<string> {
    const name = `${this.name}, polls of event ${eventId}`;
    const tokens = new Map(this.buyers.map(({ userId, token }) => [userId, token]));
    const requests = await this.records.someRequests(eventId, this.buyers.length);
    load.prepare(
      name,
      requests.map(({ id, user_id }) =>
        wireRequest('GET', `/api/queue/position?request_id=${id}`, {
          authorization: `Bearer ${tokens.get(user_id)}`,
        }),
      ),
    );
    return name;
  }

  async stop(): Promise<void> {
    this.http.close();
    await this.records.close();
    for (const one of [...this.workers, ...this.apis]) await one.stop();
    await postgresStopped(this.dataDir);
    this.removeFolder();
  }

  private async organise(method: 'POST' | 'PATCH', path: string, body?: unknown): Promise<{ id: number }> {
    const answer = await this.http.send(method, path, this.organiser, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}

/** What the `nth` buyer asks for. */
export function askBody(eventId: number, nth: number): unknown {
  return {
    event_id: eventId,
    ticket_type: nth % Math.round(1 / VIP_SHARE) === 0 ? 'VIP' : 'Regular',
    quantity: 1,
  };
}
