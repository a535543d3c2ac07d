import type { PoolClient } from 'pg';
import { STOCK } from './stock.sql';

/**
 * Takes `seats` of a ticket type off the shelf, or none.
 * Safe under any number of callers: the database compares and subtracts in one statement.
 * Answers false when too few are left, an ordinary outcome and not an error.
 */
export async function takeStock(client: PoolClient, ticketTypeId: number, seats: number): Promise<boolean> {
  const { rowCount } = await client.query(STOCK.take, [ticketTypeId, seats]);
  return rowCount === 1;
}

/** Puts `seats` of a ticket type back on the shelf. The caller sees to it that this happens once. */
export async function returnStock(client: PoolClient, ticketTypeId: number, seats: number): Promise<void> {
  await client.query(STOCK.putBack, [ticketTypeId, seats]);
}

/** Seats left of each ticket type; nobody else can change them until the transaction ends. */
export async function countStock(
  client: PoolClient,
  ticketTypeIds: readonly number[],
): Promise<Map<number, number>> {
  const { rows } = await client.query<{ id: number; remaining: number }>(STOCK.count, [ticketTypeIds]);
  return new Map(rows.map(({ id, remaining }) => [id, remaining]));
}
