/**
 * Whether stock split into shards would lift what one event can settle, measured on a real PostgreSQL of its own; what it does
 * to the order; and the pieces of which today's ceiling is made. docs/scaling.md says what follows from it.
 *
 *   npm run simulate
 *   npm run simulate -- --seconds 3 --json shards.json
 */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { embeddedPostgres } from '../bench/records.mts';
import { startTixline } from '../servers/own-tixline.mts';
import { ownFolder } from '../servers/own-process.mts';
import { postgresStopped } from '../servers/own-tixline.mts';
import { measurePieces, type Pieces } from './pieces.mts';
import { Shards, type Order } from './shards.mts';

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '1' }, json: { type: 'string' } },
});
const SHARDS = [1, 4, 8, 16];
const SETTLERS = [1, 4, 16, 64];
const SEATS_A_BATCH = [1, 1_000];
const say = (text: string) => process.stdout.write(`${text}\n`);
const before = loadavg()[0]!;

const folder = ownFolder();
const tixline = await startTixline({ DATA_DIR: folder.path, ROLE: 'api' });
try {
  const { url, adminUrl } = embeddedPostgres(folder.path);
  const pieces = await measurePieces(tixline.baseUrl, url);
  const shards = new Shards(adminUrl);
  const rates: Record<string, number> = {};
  const orders: Record<string, Order> = {};
  for (const seats of SEATS_A_BATCH)
    for (const settlers of SETTLERS)
      for (const count of SHARDS)
        rates[`${seats}/${settlers}/${count}`] = await shards.rate(
          count,
          settlers,
          seats,
          Number(options.seconds),
        );
  for (const settlers of SETTLERS)
    for (const count of SHARDS) orders[`${settlers}/${count}`] = await shards.order(count, settlers);
  await shards.close();
  const after = loadavg()[0]!;
  print(pieces, rates, orders, after);
  if (options.json !== undefined)
    writeFileSync(
      options.json,
      `${JSON.stringify({ load: [before, after], pieces, rates, orders }, null, 2)}\n`,
    );
} finally {
  await tixline.stop();
  await postgresStopped(folder.path);
  folder.remove();
}

function print(
  { intake, batch }: Pieces,
  rates: Record<string, number>,
  orders: Record<string, Order>,
  after: number,
): void {
  say(`Load average before and after: ${before.toFixed(1)}, ${after.toFixed(1)}\n`);
  say('Intake, groups of one tier of one event: requests/s');
  for (const { size, writers, ms, perSecond } of intake)
    say(
      `  ${String(size).padStart(3)} in a group, ${writers} at once   ${ms.toFixed(2)} ms   ${Math.round(perSecond)}/s`,
    );
  say('\nSettlement of 1,000 requests, one at a time');
  for (const [what, ms] of Object.entries(batch)) say(`  ${what.padEnd(24)} ${ms.toFixed(2)} ms`);
  for (const seats of SEATS_A_BATCH) {
    say(`\nSeats taken and tickets written per second, ${seats} in a transaction`);
    table((settlers, count) => String(Math.round(rates[`${seats}/${settlers}/${count}`]!)));
  }
  say('\nRefused while a later place got as much or more: of 3,000 requests for 2,000 seats');
  table((settlers, count) => String(orders[`${settlers}/${count}`]!.unjust));
  say('\nRegulars that got a ticket after a VIP had been accepted, for each VIP: mean');
  table((settlers, count) => orders[`${settlers}/${count}`]!.passedVip.toFixed(1));
}

function table(cell: (settlers: number, shards: number) => string): void {
  say(
    `  ${'settlers'.padEnd(10)}${SHARDS.map((count) => `${count} row${count > 1 ? 's' : ''}`.padStart(10)).join('')}`,
  );
  for (const settlers of SETTLERS)
    say(
      `  ${String(settlers).padEnd(10)}${SHARDS.map((count) => cell(settlers, count).padStart(10)).join('')}`,
    );
}
