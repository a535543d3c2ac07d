import { existsSync } from 'node:fs';
import type { Verification } from '../../../src/ledger';
import { tixlineCommand } from '../../support/command-line';
import { eventually } from '../../support/eventually';
import type { Stage } from './stage';

const REST_LIMIT_MS = 90_000;

/** Waits until everybody has an outcome and the ledger's file holds all of them. Answers how long that took, in ms. */
export async function atRest(stage: Stage): Promise<number> {
  const startedAt = performance.now();
  await eventually(
    async () => {
      const [left] = await stage.sql<{ queued: number; unwritten: number }>(
        `SELECT (SELECT count(*) FROM ticket_requests WHERE status = 'queued')::int AS queued,
                (SELECT count(*) FROM ledger l, ledger_cursors c WHERE (l.txid, l.id) > (c.txid, c.id))::int AS unwritten`,
      );
      if (left!.queued + left!.unwritten > 0) throw new Error(`not at rest: ${JSON.stringify(left)}`);
    },
    REST_LIMIT_MS,
    200,
  );
  return performance.now() - startedAt;
}

/** `tixline verify --strict --history`, as an operator runs it. */
export async function prove(stage: Stage, history: string): Promise<Verification> {
  if (!existsSync(history)) throw new Error(`${history} is not there`);
  const proof = await tixlineCommand(['verify', '--strict', '--history', history, '--json'], {
    env: stage.settings,
  });
  if (proof.code === 2) throw new Error(proof.err);
  return proof.json<Verification & Record<string, unknown>>();
}

/** The checks that are broken, with their rows. */
export function brokenIn({ checks }: Verification): object[] {
  return checks.filter(({ broken }) => broken > 0).map(({ name, broken, rows }) => ({ name, broken, rows }));
}

/** Of all there is: requests, keys that took one in, tickets out and seats. A key that became two requests shows here. */
export async function countsOf(
  stage: Stage,
): Promise<{ requests: number; keys: number; tickets: number; seats: number }> {
  const [counts] = await stage.sql<{ requests: number; keys: number; tickets: number; seats: number }>(
    `SELECT (SELECT count(*) FROM ticket_requests)::int AS requests, (SELECT count(*) FROM idempotency_keys)::int AS keys,
            (SELECT count(*) FROM tickets WHERE status <> 'cancelled')::int AS tickets,
            (SELECT sum(capacity) FROM ticket_types)::int AS seats`,
  );
  return counts!;
}
