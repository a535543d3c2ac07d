import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PoolClient, QueryResult } from 'pg';
import { NEXT_ENTRIES } from '../../src/ledger/ledger.sql';
import { eventually } from '../support/eventually';
import { buy } from '../support/orders';
import { startOwnPostgres, type OwnPostgres } from '../support/own-postgres';
import { several, stopAll } from '../support/several';
import { Tixline, type Person } from '../support/tixline';

/**
 * A writer of transactions.csv that stands still (a paused machine, a stuck disk) after it has read rows and before it
 * writes them. Meanwhile it loses its lock, somebody is erased, and another writer makes the file anew.
 */
describe('a writer that slept through the loss of its lock', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tixline-frozen-'));
  let server: OwnPostgres;
  let writers: Tixline[];
  let sleeper: Tixline;
  let other: Tixline;
  beforeAll(async () => {
    // A server of its own: transactions of other databases would hold the newest rows of the ledger back.
    server = await startOwnPostgres();
    writers = await several(2, { databaseUrl: server.url, env: { DATA_DIR: folder } });
    [other, sleeper] = writers as [Tixline, Tixline];
  });
  afterAll(async () => {
    await stopAll(writers);
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const read = () => readFileSync(other.ledger.path, 'utf8');
  const rename = (person: Person, name: string) =>
    other.sql(`UPDATE users SET name = $2 WHERE id = $1`, [person.id, name]);

  /**
   * Has the rows that the sleeper reads after `cause` come late: after its connection was cut and `meanwhile` was done.
   * Until it is the sleeper who reads them: the other one's timer may come before it.
   */
  async function sleepThrough(
    cause: () => Promise<unknown>,
    meanwhile: () => Promise<unknown>,
  ): Promise<void> {
    const transaction = sleeper.database.transaction.bind(sleeper.database);
    let slept = false;
    let failed = false;
    jest.spyOn(sleeper.database, 'transaction').mockImplementation(async (work) => {
      let isSleeper = false;
      const asleep = (client: PoolClient) => {
        const query = client.query.bind(client) as (...given: unknown[]) => Promise<unknown>;
        return async (text: string, values: unknown[]) => {
          const answer = (await query(text, values)) as QueryResult;
          if (text !== NEXT_ENTRIES || slept || answer.rowCount === 0) return answer;
          slept = isSleeper = true;
          const { processID } = client as unknown as { processID: number };
          await other.sql(`SELECT pg_terminate_backend($1::int)`, [processID]);
          await meanwhile();
          return answer;
        };
      };
      try {
        return await transaction((client) => work({ query: asleep(client) } as unknown as PoolClient));
      } catch (error) {
        failed ||= isSleeper;
        throw error;
      }
    });
    // Its own timer may be the one that falls asleep.
    await eventually(async () => {
      if (!slept) await cause();
      await sleeper.ledger.catchUp().catch(() => undefined);
      expect({ slept, failed }).toEqual({ slept: true, failed: true });
    }, 20_000);
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
    const buyers = await other.peopleOf(3);
    await buy(other, [victim, ...buyers], await other.event({ regular: 10 }));
    await eventually(async () => {
      await other.ledger.catchUp();
      expect(read()).toContain('Victim One');
    });
    let names = 0;
    await sleepThrough(
      () => rename(buyers[0]!, `Somebody ${(names += 1)}`),
      async () => {
        await rename(victim, 'Erased');
        // Its timer may do it first.
        await other.ledger.catchUp();
      },
    );
    await expectGone('Victim One');
  });

  it('while it added lines: they go into the file that is gone', async () => {
    await other.ledger.catchUp();
    const victim = await other.person('attendee', 'Victim Two');
    const eventId = await other.event({ regular: 100 }, { max_per_buyer: 100 });
    await sleepThrough(
      () => buy(other, [victim], eventId),
      async () => {
        await rename(victim, 'Erased');
        // Its timer may do it first.
        await other.ledger.catchUp();
      },
    );
    await expectGone('Victim Two');
  });
});
