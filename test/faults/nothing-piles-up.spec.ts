import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { Crowd } from './support/crowd';
import { tell } from './support/figures';
import { History } from './support/history';
import { conclude, expectSound, openSale } from './support/sale';
import { scale, thorough } from './support/scale';
import { Stage, type Home } from './support/stage';
import { slopePerHour, type Sample } from './support/trend';
import { takenBy } from './support/watch';

const HOMES = scale<Home[]>(['PostgreSQL', 'Redis'], ['Redis']);
/** SOAK_MINUTES for a trial of another length. */
const MINUTES = Number(process.env.SOAK_MINUTES ?? scale(30, 1));
/** Twice the load itself, for a peak before and a proof of a million rows after. */
const LIMIT_MS = (MINUTES * 2 + 10) * 60_000;
const PEAK_REQUESTS = scale(10_000, 2_000);
/** More would be half of what a fast machine takes, and millions of rows in half an hour. */
const MOST_PER_SECOND = 600;
/** SOAK_PER_SECOND where something else runs on the machine, which would spoil the look for its peak. */
const GIVEN_PER_SECOND = Number(process.env.SOAK_PER_SECOND ?? 0);
/** The first part is left out: caches fill, code is compiled, tables get the free room that they then live in. */
const WARM_SHARE = 0.33;
const SAMPLE_MS = 2_000;

/** What a figure may rise in an hour once it is warm, and how far apart its first and last third may lie. */
interface Bound {
  /** Share of its mean by which the last third may lie above the first. */
  readonly share: number;
  /** Or so much, whatever the mean. */
  readonly least: number;
}

const BOUNDS: Record<string, Bound> = {
  // A heap breathes: a full collection may be half a minute away. A leak of a kilobyte per request shows as 15 MB a minute.
  'MB of memory': { share: 0.15, least: 24 },
  handles: { share: 0.1, least: 8 },
  'keys in Redis': { share: 0.1, least: 40 },
  "rows of the queue's tables": { share: 0.1, least: 100 },
  'KB of the line (pages and indexes of rows that are changed for every group)': { share: 0.5, least: 1_024 },
  "KB of the queue's tables": { share: 0.5, least: 4_096 },
};

/** A pool takes and gives back as it is busy: what counts is that nothing connects beside it and the one that listens. */
const CONNECTIONS_OF_A_PROCESS = 12 + 1;

describe('half of what it can take, for long', () => {
  let stage: Stage | undefined;
  afterEach(() => stage?.close());

  thorough.each(HOMES)(
    `${MINUTES} minutes, the line on %s: nothing piles up`,
    async (home) => {
      stage = await Stage.open({ home });
      const before = await peak(stage);
      const perSecond = GIVEN_PER_SECOND || Math.min(MOST_PER_SECOND, Math.round(before.perSecond / 2));
      const requests = perSecond * 60 * MINUTES;
      const sale = await openSale(stage, requests);
      sale.crowd.tally.answered += before.answered; // They are in the books, too.
      const samples = new Map<string, Sample[]>();
      let going = true;
      const sampling = async () => {
        const startedAt = performance.now();
        while (going) {
          const hours = (performance.now() - startedAt) / 3_600_000;
          for (const [what, value] of Object.entries(await look(stage!, sale.crowd))) {
            if (!samples.has(what)) samples.set(what, []);
            samples.get(what)!.push([hours, value]);
          }
          await delay(SAMPLE_MS);
        }
      };
      const sampled = sampling();
      await sale.crowd.rush({ event: sale.event, rate: perSecond, requests });
      going = false;
      await sampled;

      const connections = Math.max(...samples.get('connections to PostgreSQL')!.map(([, value]) => value));
      const figures: Record<string, unknown> = { 'connections to PostgreSQL, most': connections };
      const risen: object[] = [];
      for (const [what, all] of samples) {
        const warm = all.slice(Math.floor(all.length * WARM_SHARE));
        const third = Math.ceil(warm.length / 3);
        const [first, last] = [middle(warm.slice(0, third)), middle(warm.slice(-third))];
        figures[`${what}: first and last third, per hour`] = [first, last, Math.round(slopePerHour(warm))];
        const bound = Object.entries(BOUNDS).find(([name]) => what.startsWith(name))?.[1];
        if (bound !== undefined && last - first > Math.max(bound.least, bound.share * first))
          risen.push({ what, first, last });
      }
      const tried = { minutes: MINUTES, 'requests per second': perSecond, ...figures };
      expectSound(sale, await conclude(stage, sale, `soak, line on ${home}`, tried));
      expect(risen).toEqual([]);
      expect(connections).toBeLessThanOrEqual(stage.members.length * CONNECTIONS_OF_A_PROCESS);
    },
    LIMIT_MS,
  );
});

/** Requests per second that are taken in and answered when more come than that. */
async function peak(stage: Stage): Promise<{ perSecond: number; answered: number }> {
  const [organiser] = await stage.people(1, 'organizer');
  const event = await stage.event({ vip: 1_000, regular: 1_000 }, organiser!);
  const crowd = new Crowd(
    await stage.people(PEAK_REQUESTS),
    stage.apis.map(({ url }) => url),
    new History(stage.file('peak.jsonl')),
  );
  const startedAt = performance.now();
  await crowd.rush({ event, rate: 20_000, requests: PEAK_REQUESTS });
  const seconds = (performance.now() - startedAt) / 1_000;
  await crowd.close();
  tell('peak before the soak', { 'answered per second': Math.round(PEAK_REQUESTS / seconds) });
  return { perSecond: PEAK_REQUESTS / seconds, answered: crowd.tally.answered };
}

/** Everything that could pile up, as it is now. */
async function look(stage: Stage, crowd: Crowd): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  stage.members.forEach((member, i) => {
    const { rssMb, handles } = takenBy(member);
    figures[`MB of memory, ${member.role} ${i}`] = rssMb;
    // Without those of the people who ask, who hold as many as they like.
    const theirs = member.role === 'api' ? crowd.connections[i]! : 0;
    figures[`handles, ${member.role} ${i}`] = handles - theirs;
  });
  const [row] = await stage.sql<Record<string, number>>(
    `SELECT (SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'tixline%')::int AS connections,
            (SELECT sum(pg_total_relation_size(c.oid)) / 1024 FROM pg_class c WHERE relkind = 'r'
              AND relname IN ('lines', 'line_places', 'ticket_types', 'ledger_cursors'))::int AS line,
            (SELECT sum(n_dead_tup) FROM pg_stat_user_tables
              WHERE relname IN ('lines', 'line_places', 'ticket_types', 'ledger_cursors'))::int AS line_dead,
            (SELECT sum(pg_total_relation_size(relid)) / 1024 FROM pg_stat_user_tables WHERE schemaname = 'bullmq')::int AS queue,
            (SELECT sum(n_live_tup) FROM pg_stat_user_tables WHERE schemaname = 'bullmq')::int AS queue_rows,
            (SELECT sum(n_dead_tup) FROM pg_stat_user_tables WHERE schemaname = 'bullmq')::int AS queue_dead`,
  );
  figures['connections to PostgreSQL'] = row!['connections']!;
  figures['KB of the line (pages and indexes of rows that are changed for every group)'] = row!['line']!;
  figures['dead rows of the line'] = row!['line_dead']!;
  if (stage.redis !== undefined) figures['keys in Redis'] = await keysOf(stage.redis.url);
  else {
    figures["KB of the queue's tables"] = row!['queue']!;
    figures["rows of the queue's tables"] = row!['queue_rows']!;
    figures["dead rows of the queue's tables"] = row!['queue_dead']!;
  }
  return figures;
}

async function keysOf(url: string): Promise<number> {
  const client = new Redis(url);
  try {
    return await client.dbsize();
  } finally {
    client.disconnect();
  }
}

function middle(samples: readonly Sample[]): number {
  const values = samples.map(([, value]) => value).toSorted((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? NaN;
}
