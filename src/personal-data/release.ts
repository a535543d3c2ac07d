import type { PoolClient } from 'pg';
import { Problem } from '../platform/http/index';
import { leaveEveryLine } from '../ticket-requests/index';
import { giveBack } from '../tickets/index';
import { ERASURE } from './erasure.sql';

/**
 * Gives back within the caller's transaction all that others could have of somebody who is erased: places in line, and
 * tickets for events to come. An order with which somebody has gone in stays as it is.
 */
export async function release(client: PoolClient, userId: number): Promise<void> {
  // Lines before stock, as a settlement locks them; what it grants until then is among the orders below.
  await leaveEveryLine(client, userId);
  const { rows } = await client.query<{ id: string }>(ERASURE.ordersToCome, [userId]);
  for (const { id } of rows) {
    await client.query('SAVEPOINT one_order');
    try {
      await giveBack(client, id, userId);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      await client.query('ROLLBACK TO SAVEPOINT one_order');
    }
    await client.query('RELEASE SAVEPOINT one_order');
  }
  await client.query(ERASURE.forgetKeys, [userId]);
}
