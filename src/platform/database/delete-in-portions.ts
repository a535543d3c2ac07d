import type { Database } from './database';

const PORTION = 10_000;

/**
 * Runs a DELETE that takes how many rows at most as `$1`, until it finds no more. In portions: after a large rush one
 * statement would run into its time limit, undo everything, and fail again.
 */
export async function deleteInPortions(database: Database, statement: string): Promise<void> {
  for (let gone = PORTION; gone === PORTION;) gone = (await database.query(statement, [PORTION])).rowCount!;
}
