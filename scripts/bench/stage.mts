/** Everything a bench starts, each when it is first asked for, all ended together. */
import { startRedis, type OwnRedis } from '../servers/own-redis.mts';
import { hasRedisServer } from '../servers/own-process.mts';
import { startApp, type App } from './apps.mts';
import { startBaseline, type Baseline, type Manner } from './baseline.mts';
import { Figures } from './figures.mts';
import { LoadClient, wireRequest } from './load.mts';
import { askBody, Tixline } from './tixline.mts';

export interface Settings {
  readonly quick: boolean;
  readonly rounds: number;
  readonly seconds: number;
  readonly leadSeconds: number;
  readonly warmUpSeconds: number;
  readonly connections: number;
  /** Requests waiting, one server for each. */
  readonly depths: readonly number[];
  /** Requests that one worker drains. */
  readonly backlog: number;
  /** The manners in which the baseline is written that are compared. */
  readonly baseline: readonly Manner[];
  /** Whether Redis is used where this machine has it. */
  readonly redis: boolean;
  /** The Node that runs the baseline, when it is another. */
  readonly baselineNode?: string;
}

/** The server whose PostgreSQL also holds the baseline's records. */
const EMBEDDED = 'Tixline';

/** Names of the limit's prepared requests. */
export const LIMIT = { post: 'limit, POST', get: 'limit, GET' };

export class Stage {
  readonly settings: Settings;
  readonly figures = new Figures();
  readonly load = new LoadClient();
  readonly hasRedis: boolean;
  private readonly started = new Map<string, Promise<{ stop(): Promise<void> }>>();

  constructor(settings: Settings) {
    this.settings = settings;
    this.hasRedis = settings.redis && hasRedisServer();
  }

  say(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** Tixline on its embedded Postgres, one process, as `npm start` runs it. */
  embedded(): Promise<Tixline> {
    return this.once(EMBEDDED, () => this.warm(Tixline.start('Tixline', 'one')));
  }

  /** The same with its line on Redis. */
  async onRedis(): Promise<Tixline> {
    const redis = await this.redis('Redis of Tixline');
    return this.once('Tixline on Redis', () => this.warm(Tixline.start('Tixline on Redis', 'one', redis)));
  }

  /** An API and a worker of their own on an embedded Postgres; a name for each, so that there can be several. */
  pair(name: string): Promise<Tixline> {
    return this.once(name, () => this.warm(Tixline.start(name, 'pair')));
  }

  /** The empty route. It answers what Tixline answered to one request. */
  limit(): Promise<App> {
    return this.once('limit', async () => {
      const tixline = await this.embedded();
      const { token } = tixline.buyers[1]!;
      const eventId = await tixline.newEvent();
      const accepted = await tixline.http.post('/api/ticket-requests', askBody(eventId, 1), token);
      const position = await tixline.http.get(
        `/api/queue/position?request_id=${accepted.body.request_id}`,
        token,
      );
      const answers = {
        ACCEPTED: JSON.stringify(accepted.body),
        POSITION: JSON.stringify(position.body),
      };
      const app = await startApp('limit', answers, '/limit');
      const authorization = `Bearer ${token}`;
      this.load.prepare(LIMIT.post, [wireRequest('POST', '/limit', { authorization }, askBody(eventId, 1))]);
      this.load.prepare(LIMIT.get, [
        wireRequest('GET', `/limit?request_id=${accepted.body.request_id}`, { authorization }),
      ]);
      for (const [name, expect] of [
        [LIMIT.post, 202],
        [LIMIT.get, 200],
      ] as const)
        await this.load.run({ ...this.warmUp, ports: [app.port], requests: [name], expect });
      return app;
    });
  }

  /** The tutorial's way, on Redis where there is one, its records in a database of their own beside Tixline's. */
  async baseline(manner: Manner): Promise<Baseline> {
    const redis = this.hasRedis ? await this.redis(`Redis of the baseline, ${manner}`) : undefined;
    return this.once(`baseline, ${manner}`, async () => {
      const baseline = await startBaseline(manner, {
        adminUrl: (await this.embedded()).adminUrl,
        redisUrl: redis?.url,
        load: this.load,
        node: this.settings.baselineNode,
      });
      await this.load.run({
        ...this.warmUp,
        ports: [baseline.port],
        requests: [baseline.requests],
        expect: 202,
      });
      await baseline.empty();
      return baseline;
    });
  }

  /** Ends everything: Redis and PostgreSQL after those who use them. */
  async close(): Promise<void> {
    await this.load.close();
    const inUse = (name: string) => name.startsWith('Redis') || name === EMBEDDED;
    for (const later of [false, true])
      await Promise.all(
        [...this.started].map(async ([name, started]) => {
          if (inUse(name) !== later) return;
          const one = await started.catch(() => undefined);
          await one?.stop().catch((error: Error) => this.say(`${name}: ${error.message}`));
        }),
      );
  }

  private redis(name: string): Promise<OwnRedis> {
    return this.once(name, startRedis);
  }

  private get warmUp() {
    const { connections, warmUpSeconds } = this.settings;
    return { connections, leadSeconds: 0, seconds: warmUpSeconds };
  }

  private async warm(starting: Promise<Tixline>): Promise<Tixline> {
    const tixline = await starting;
    const requests = [tixline.prepareAsks(this.load, await tixline.newEvent())];
    await this.load.run({ ...this.warmUp, ports: [tixline.apis[0]!.port], requests, expect: 202 });
    return tixline;
  }

  private once<T extends { stop(): Promise<void> }>(name: string, start: () => Promise<T>): Promise<T> {
    let started = this.started.get(name) as Promise<T> | undefined;
    if (started === undefined) {
      started = start();
      this.started.set(name, started);
    }
    return started;
  }
}
