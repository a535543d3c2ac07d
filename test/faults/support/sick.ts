import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { tixlineCommand } from '../../support/command-line';
import type { Stage } from './stage';

/** From the 202 to the outcome, in ms, of the requests that came from `from` to `to`. */
export async function outcomeMs(stage: Stage, events: readonly number[], from: number, to = Infinity) {
  // Some came in the last half second.
  await delay(1_500);
  const [row] = await stage.sql<{ p50: number; p99: number; worst: number; queued: number }>(
    `SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms))::int AS p50,
            round(percentile_cont(0.99) WITHIN GROUP (ORDER BY ms))::int AS p99,
            round(max(ms))::int AS worst
       FROM (SELECT extract(epoch FROM coalesce(settled_at, now()) - created_at) * 1000 AS ms
               FROM ticket_requests WHERE event_id = ANY ($1) AND created_at >= to_timestamp($2::float8 / 1000)
                 AND created_at < to_timestamp($3::float8 / 1000)) r`,
    [events, from, to],
  );
  return row!;
}

/** What Bull Board shows an admin under failed. */
export async function failedOnTheBoard(stage: Stage, event: number): Promise<string> {
  const password = randomBytes(12).toString('hex');
  const email = `admin-${event}@faults.test`;
  const command = ['admin', 'create', '--name', 'Ada', '--email', email, '--password', password];
  const made = await tixlineCommand(command, { env: stage.settings });
  if (made.code !== 0) throw new Error(made.err);
  const { url } = stage.apis[0]!;
  const login = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  const cookie = login.headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0])
    .join('; ');
  const board = await fetch(`${url}/admin/queues/api/queues?activeQueue=line-${event}&status=failed&page=1`, {
    headers: { cookie },
  });
  return board.text();
}
