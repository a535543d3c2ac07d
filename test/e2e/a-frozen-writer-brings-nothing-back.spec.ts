import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PoolClient, QueryResult } from 'pg';
import { NEXT_ENTRIES } from '../../src/ledger/ledger.sql';
import { eventually } from '../support/eventually';
import { buy } from '../support/orders';
import { several, stopAll } from '../support/several';
import { Tixline, type Person } from '../support/tixline';

/** Transactions of other databases may hold the newest rows of the ledger back. */
const PATIENCE_MS = 30_000;

/**
 * A writer of transactions.csv that stands still (a paused machine, a stuck disk) after it has read rows and before it
 * writes them. Meanwhile it loses its lock, somebody is erased, and another writer makes the file anew.
 */
describe('a writer that slept through the loss of its lock', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tixline-frozen-'));
  let writers: Tixline[];
  let sleeper: Tixline;
  let other: Tixline;
  beforeAll(async () => {
    writers = await several(2, { env: { DATA_DIR: folder } });
    [other, sleeper] = writers as [Tixline, Tixline];
  });
  afterAll(async () => {
    await stopAll(writers);
    rmSync(folder, { recursive: true, force: true });
  });

  const read = () => readFileSync(other.ledger.path, 'utf8');
  const rename = (person: Person, name: string) =>
    other.sql(`UPDATE users SET name = $2 WHERE id = $1`, [person.id, name]);

  /** Has the next rows that the sleeper reads come late: after its connection was cut and `meanwhile` was done. */
  async function sleepThrough(meanwhile: () => Promise<unknown>): Promise<void> {
    const transaction = sleeper.database.transaction.bind(sleeper.database);
    let slept = false;
    jest.spyOn(sleeper.database, 'transaction').mockImplementation((work) =>
      transaction((client) => {
        const query = client.query.bind(client) as (...given: unknown[]) => Promise<unknown>;
        const late = async (text: string, values: unknown[]) => {
          const answer = (await query(text, values)) as QueryResult;
          if (text !== NEXT_ENTRIES || slept || answer.rowCount === 0) return answer;
          slept = true;
          const { processID } = client as unknown as { processID: number };
          await other.sql(`SELECT pg_terminate_backend($1::int)`, [processID]);
          await meanwhile();
          return answer;
        };
        return work({ query: late } as unknown as PoolClient);
      }),
    );
    await eventually(async () => {
      const fails = await sleeper.ledger.catchUp().then(
        () => false,
        () => true,
      );
      expect({ slept, fails }).toEqual({ slept: true, fails: true });
    }, PATIENCE_MS);
    jest.restoreAllMocks();
  }

  async function expectGone(name: string): Promise<void> {
    expect(read()).not.toContain(name);
    await other.ledger.catchUp();
    expect(read()).not.toContain(name);
    expect(read().split('\n')).toHaveLength(read().trimEnd().split('\n').length + 1);
    expect(readdirSync(folder).filter((file) => file.startsWith('transactions.csv'))).toEqual([
      'transactions.csv',
    ]);
  }

  it('while it wrote the file anew: what it has read goes nowhere', async () => {
    const victim = await other.person('attendee', 'Victim One');
    await buy(other, [victim, ...(await other.peopleOf(3))], await other.event({ regular: 10 }));
    await eventually(async () => {
      await other.ledger.catchUp();
      expect(read()).toContain('Victim One');
    }, PATIENCE_MS);
    await rename(await other.person(), 'Somebody Else');
    await sleepThrough(async () => {
      await rename(victim, 'Erased');
      expect(await other.ledger.catchUp()).toBeGreaterThan(0);
    });
    await expectGone('Victim One');
  });

  it('while it added lines: they go into the file that is gone', async () => {
    await other.ledger.catchUp();
    const victim = await other.person('attendee', 'Victim Two');
    await buy(other, [victim], await other.event({ regular: 10 }));
    await sleepThrough(async () => {
      await rename(victim, 'Erased');
      expect(await other.ledger.catchUp()).toBeGreaterThan(0);
    });
    await expectGone('Victim Two');
  });
});
