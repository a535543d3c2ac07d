/**
 * A rush on real input: buyers sign in, all ask at once (some twice, some for the impossible), wait as told, and see
 * what they got; then VIPs ask after Regulars and must be settled before them, and the books are checked. Exit code 1
 * when anything was not as it should be, with a line for each.
 *
 *   npm run rush                      its own server, embedded Postgres
 *   npm run rush -- --redis redis://127.0.0.1:6379
 *   npm run rush -- --base-url http://127.0.0.1:8080   a Tixline that runs; its settings are those of this environment
 *   npm run rush -- --buyers 500 --requests 4 --connections 128 --json
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ask, emptyTally, wait, wishes, type Asked, type Tally } from './buyers.mts';
import { Client } from './client.mts';
import { startTixline, tixline } from '../servers/own-tixline.mts';
import { faultsOf, print, summary } from './report.mts';
import { openSale } from './sale.mts';
import { takeTurns } from './turns.mts';

const { values: options } = parseArgs({
  options: {
    buyers: { type: 'string', default: '5000' },
    requests: { type: 'string', default: '4' },
    connections: { type: 'string', default: '256' },
    vip: { type: 'string', default: '300' },
    regular: { type: 'string', default: '2700' },
    redis: { type: 'string' },
    'base-url': { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

const PASSWORD = 'Passw0rd!';
/** Several times the half second in which the ledger's file is brought up to date. */
const LEDGER_MS = 3_000;
/** At a line that everybody has left, until a cache before it has heard. */
const LOOKS = 12;
const say = (text: string) => process.stderr.write(text);

const theirs = options['base-url'];
const server =
  theirs === undefined
    ? await startTixline({ REDIS_URL: options.redis ?? '' })
    : { baseUrl: theirs, environment: process.env, stop: () => Promise.resolve() };
let failed = true;
try {
  failed = !(await rush());
} finally {
  await server.stop();
}
process.exit(failed ? 1 : 0);

async function rush(): Promise<boolean> {
  const client = new Client(server.baseUrl, Number(options.connections));
  const buyers = Number(options.buyers);
  say(`${buyers} buyers open accounts … `);
  const seeded = await tixline(['seed', '--buyers', String(buyers)], server.environment);
  if (!seeded.ok) throw new Error(seeded.text);
  say('and sign in … ');
  const startedAt = performance.now();
  const tokens = await signIn(client, buyers);
  say(`${((performance.now() - startedAt) / 1_000).toFixed(1)} s\n`);
  const { eventId } = await openSale(client, 'Rush', Number(options.vip), Number(options.regular));

  say(
    `${buyers * Number(options.requests)} requests for ${options.vip} VIP and ${options.regular} Regular tickets … `,
  );
  const tally = emptyTally();
  const course = await run(client, tokens, eventId, tally);
  const turns = await takeTurns(client, tokens, server.environment);
  say('done\n');
  client.close();
  const result = summary(tally, course, turns);
  // Everybody has an outcome; what the ledger's file lacks half a second later it would lack for good.
  await delay(LEDGER_MS);
  const proof = await tixline(
    ['verify', '--strict', ...(options.json ? ['--json'] : [])],
    server.environment,
  );
  const faults = [...faultsOf(result), ...(proof.ok ? [] : ['the books are not in order'])];
  if (options.json) {
    const all = { ...result, verify: JSON.parse(proof.text), faults };
    process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
  } else {
    process.stdout.write(`${print(result, home())}\n${proof.text}\n`);
  }
  for (const fault of faults) say(`Failed: ${fault}.\n`);
  return faults.length === 0;
}

function home(): string {
  if (theirs !== undefined) return `whatever ${theirs} has`;
  return options.redis === undefined ? 'Postgres' : 'Redis';
}

async function signIn(client: Client, count: number): Promise<string[]> {
  const tokens: string[] = [];
  let next = 1;
  const one = async () => {
    while (next <= count) {
      const email = `buyer-${next++}@load.test`;
      const answer = await client.post('/api/auth/login', { email, password: PASSWORD });
      if (answer.status !== 200)
        throw new Error(`${email} cannot sign in: ${answer.status} ${JSON.stringify(answer.body)}`);
      tokens.push(answer.body.access_token);
    }
  };
  await Promise.all(Array.from({ length: 16 }, one));
  return tokens;
}

async function run(client: Client, tokens: readonly string[], eventId: number, tally: Tally) {
  const all = wishes(tokens, Number(options.requests), eventId);
  const waits: Promise<void>[] = [];
  const startedAt = performance.now();
  const settledBy = watchLine(client, eventId);
  let next = 0;
  const one = async () => {
    while (next < all.length) {
      const wish = all[next++]!;
      const asked: Asked | undefined = await ask(client, wish, tally);
      if (asked !== undefined) waits.push(wait(client, asked, wish.token, tally, 1_000));
    }
  };
  await Promise.all(Array.from({ length: Number(options.connections) }, one));
  const askedAt = performance.now();
  const line = (await client.get(`/api/events/${eventId}/line`)).body;
  const backlogAtEnd = line.vip.waiting + line.regular.waiting;
  await Promise.all(waits);
  const { settled, lastAt } = await settledBy.stop();
  return {
    possible: all.filter((wish) => wish.possible).length,
    acceptSeconds: (askedAt - startedAt) / 1_000,
    settleSeconds: (lastAt - startedAt) / 1_000,
    backlogAtEnd,
    settled,
  };
}

/** Looks at the public line four times a second: how far it has got, and when it last moved. */
function watchLine(client: Client, eventId: number) {
  let settled = 0;
  let lastAt = performance.now();
  const look = async () => {
    const { body: line } = await client.get(`/api/events/${eventId}/line`);
    settled = line.vip.served_place + line.regular.served_place;
    // What is told may be a second old and come from a cache; when the line moved is told exactly.
    lastAt = performance.now() - (Date.now() - Date.parse(line.updated_at));
    return line.vip.waiting + line.regular.waiting;
  };
  const timer = setInterval(() => void look().catch(() => undefined), 250);
  return {
    async stop() {
      clearInterval(timer);
      for (let looks = 0; looks < LOOKS && (await look()) > 0; looks += 1) await delay(250);
      return { settled, lastAt };
    },
  };
}
